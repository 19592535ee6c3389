(() => {
  const root = document.documentElement;
  try {
    const scheme = localStorage.getItem("sts-scheme");
    if (scheme === "dark" || scheme === "light") root.dataset.stsScheme = scheme;
    if (localStorage.getItem("sts-large") === "1") root.dataset.stsLarge = "";
  } catch {
    // Storage can be switched off; the page then follows the system.
  }
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(history.state, "", address);
  }
})();
