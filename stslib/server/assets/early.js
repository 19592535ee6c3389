(() => {
  const root = document.documentElement;
  try {
    const scheme = localStorage.getItem("sts-scheme");
    if (scheme === "dark" || scheme === "light") root.dataset.stsScheme = scheme;
    if (localStorage.getItem("sts-large") === "1") root.dataset.stsLarge = "";
  } catch {
    // Storage can be switched off; the page then follows the system.
  }
  // The text of the first response shows the step that the address asks for; the server never hears of it.
  const step = () => {
    root.dataset.stsStep = location.hash.slice(1);
  };
  addEventListener("hashchange", step);
  step();
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(history.state, "", address);
  }
})();
