// @ts-check
// What every page can do, apart from its widgets: presentation mode, light or dark, and a status that leaves when something is shown.
(() => {
  const root = document.documentElement;
  const large = /** @type {HTMLButtonElement} */ (document.getElementById("sts-large"));
  const scheme = /** @type {HTMLButtonElement} */ (document.getElementById("sts-scheme"));
  const page = /** @type {HTMLElement} */ (document.getElementById("sts-page"));
  const status = /** @type {HTMLElement} */ (document.getElementById("sts-status"));
  const systemDark = matchMedia("(prefers-color-scheme: dark)");

  /** @param {string} key @param {string} value */
  function remember(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // The choice then lasts as long as the page.
    }
  }

  const isDark = () => (root.dataset.stsScheme ? root.dataset.stsScheme === "dark" : systemDark.matches);

  function show() {
    large.setAttribute("aria-pressed", String("stsLarge" in root.dataset));
    scheme.textContent = isDark() ? "Licht" : "Donker";
    scheme.title = isDark() ? "Naar lichte kleuren" : "Naar donkere kleuren";
    document.body.dataset.jpThemeLight = String(!isDark());
  }

  function toggleLarge() {
    if ("stsLarge" in root.dataset) delete root.dataset.stsLarge;
    else root.dataset.stsLarge = "";
    remember("sts-large", "stsLarge" in root.dataset ? "1" : "0");
    show();
  }

  large.addEventListener("click", toggleLarge);
  scheme.addEventListener("click", () => {
    root.dataset.stsScheme = isDark() ? "light" : "dark";
    remember("sts-scheme", root.dataset.stsScheme);
    show();
  });
  systemDark.addEventListener("change", show);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = event.composedPath()[0];
    if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return;
    toggleLarge();
  });
  show();

  // An output is there once Voilà has put a widget in its place; the error of a cell is there at once.
  const shown = () => page.querySelector(".jp-OutputArea-output > *, .sts-page-failure") !== null;
  const ready = () => {
    if (!shown()) return false;
    status.remove();
    page.dataset.stsReady = "";
    return true;
  };
  if (!ready()) {
    const observer = new MutationObserver(() => {
      if (ready()) observer.disconnect();
    });
    observer.observe(page, { childList: true, subtree: true });
  }
})();
