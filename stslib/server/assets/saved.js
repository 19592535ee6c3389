// @ts-check
// The text of the first response gives way to the fields in the frame in which they are drawn, and stays when they do not come.
(() => {
  const page = /** @type {HTMLElement} */ (document.getElementById("sts-page"));
  const saved = document.getElementById("sts-saved");
  if (!saved) return;
  const PATIENCE = 20_000;

  const told = /** @type {HTMLElement} */ (document.getElementById("sts-saved-status"));
  let scrolled = scrollY > 0; // asked now: once the fields are drawn, asking would cost a layout of both
  addEventListener("scroll", () => {
    scrolled = true;
  }, { passive: true, once: true });

  /** What stands at the top of the window, so that it can stand there again. @param {Element} root @param {string} name */
  function inSight(root, name) {
    return [...root.querySelectorAll(`[${name}]`)].find((element) => element.getBoundingClientRect().bottom > 200);
  }

  /** @param {Element} fields */
  function giveWay(fields) {
    const mark = scrolled ? inSight(/** @type {HTMLElement} */ (saved), "data-read-section") : undefined;
    const before = mark?.getBoundingClientRect().top ?? 0;
    const focused = saved?.contains(document.activeElement);
    saved?.remove();
    const same = mark && fields.querySelector(`[data-section="${CSS.escape(mark.getAttribute("data-read-section") ?? "")}"]`);
    if (same?.checkVisibility()) scrollBy({ top: same.getBoundingClientRect().top - before, behavior: "instant" });
    if (focused) document.getElementById("sts-main")?.focus({ preventScroll: true });
  }

  /** @param {string} text */
  function stay(text) {
    if (told.dataset.state === "trouble") return;
    told.dataset.state = "trouble";
    told.textContent = text;
  }

  const look = () => {
    const fields = page.querySelector(".sts:not(#sts-saved)");
    if (fields) {
      giveWay(fields);
      return true;
    }
    if (page.querySelector(":scope > .sts-page-failure")) stay("De velden zijn er niet; hieronder staat wat bewaard is, om te lezen.");
    return false;
  };
  if (look()) return;
  const observer = new MutationObserver(() => {
    if (look()) observer.disconnect();
  });
  observer.observe(page, { childList: true, subtree: true });
  addEventListener("load", () => {
    setTimeout(() => {
      if (saved.isConnected) stay("De velden laten op zich wachten. Wat hieronder staat, is bewaard; laad de pagina opnieuw om verder te werken.");
    }, PATIENCE);
  });
})();
