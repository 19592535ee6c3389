// @ts-check
// A part that folds away, as this browser left it last time.

const STEM = "sts-fold:";

/** Open or close *details* as it was left; *open* is how it stands the first time. @param {any} details @param {string} key @param {boolean} [open] */
export function asLeft(details, key, open = false) {
  try {
    const left = localStorage.getItem(STEM + key);
    details.open = left === null ? open : left === "open";
    details.addEventListener("toggle", () => {
      if (details.open === open) localStorage.removeItem(STEM + key);
      else localStorage.setItem(STEM + key, details.open ? "open" : "shut");
    });
  } catch {
    details.open = open; // where nothing can be kept, it opens as the first time
  }
  return details;
}
