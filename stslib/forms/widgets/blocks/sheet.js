// @ts-check
// One sheet of paper for the wall: text as large as one page lets it be, on the screen and in print, A4 or A3.

import { h, uniqueId } from "../dom.js";

const SMALLEST = 0.42;
const LARGEST = 1.5;

/** Give *sheet* the largest type at which its content fits. Returns whether it fits at all. @param {any} sheet */
export function fitSheet(sheet) {
  if (!sheet.clientHeight) return true;
  const fits = (/** @type {number} */ size) => {
    sheet.style.setProperty("--sts-fit", size.toFixed(3));
    return sheet.scrollHeight <= sheet.clientHeight + 1 && sheet.scrollWidth <= sheet.clientWidth + 1;
  };
  if (fits(LARGEST)) return true;
  let [small, large] = [SMALLEST, LARGEST];
  for (let turn = 0; turn < 7; turn += 1) {
    const middle = (small + large) / 2;
    if (fits(middle)) small = middle;
    else large = middle;
  }
  return fits(small);
}

/** Print *sheet* and nothing else, on one page. @param {any} sheet @param {string} paper `a4` or `a3` */
export function printSheet(sheet, paper) {
  const root = document.documentElement;
  document.querySelectorAll(".sts-print-place").forEach((old) => old.remove());
  const copy = sheet.cloneNode(true);
  const place = h("div", { class: `sts-print-place sts-print-${paper}`, "aria-hidden": "true" }, copy);
  document.body.append(place);
  fitSheet(copy);
  root.dataset.stsPrint = paper;
  const away = () => {
    removeEventListener("afterprint", away);
    removeEventListener("pointerdown", away);
    removeEventListener("keydown", away);
    place.remove();
    delete root.dataset.stsPrint;
  };
  // Not every browser tells when printing is over; whoever works on is done with it.
  addEventListener("afterprint", away);
  addEventListener("pointerdown", away);
  addEventListener("keydown", away);
  print();
}

/** Paper and print button. @param {string} label what is printed @param {() => any} sheet */
export function printControls(label, sheet) {
  const id = uniqueId("paper");
  const paper = h("select", { id }, h("option", { value: "a4" }, "A4"), h("option", { value: "a3" }, "A3"));
  return h(
    "p",
    { class: "sts-print-controls" },
    h("label", { for: id }, "Papier", h("span", { class: "sts-unseen" }, ` om op af te drukken: ${label}`)),
    paper,
    h("button", { type: "button", class: "sts-secondary", onclick: () => printSheet(sheet(), paper.value) }, `${label} afdrukken`),
  );
}
