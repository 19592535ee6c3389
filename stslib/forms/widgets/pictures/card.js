// @ts-check
// A figure beside a question: the finding as a sentence, the picture, the same as a table, and why the number is what it is.

import { h } from "../dom.js";

/** @typedef {{id: string, title: string, alt: string, columns: string[], rows: string[][], why: {label: string, text: string}[], png: string | null, counted_on: string}} Card */

/** The values of a figure. @param {{title: string, columns: string[], rows: string[][]}} figure */
export function drawFigureTable(figure) {
  return h(
    "div",
    { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": `Tabel: ${figure.title}` },
    h(
      "table",
      { class: "sts-table" },
      h("thead", {}, h("tr", {}, ...figure.columns.map((column) => h("th", { scope: "col" }, column)))),
      h("tbody", {}, ...figure.rows.map((row) => h("tr", {}, ...row.map((cell, index) => h(index ? "td" : "th", index ? {} : { scope: "row" }, cell))))),
    ),
  );
}

/** @param {Card} card @param {any} [below] what a person can do with it */
export function drawCard(card, below = null) {
  return h(
    "figure",
    { class: "sts-card", "data-figure": card.id },
    h("figcaption", {}, card.title),
    card.png && h("img", { src: `data:image/png;base64,${card.png}`, alt: card.alt }),
    h("details", {}, h("summary", {}, "Als tabel"), drawFigureTable(card)),
    h(
      "details",
      { class: "sts-why" },
      h("summary", {}, "Waarom dit getal?"),
      h("dl", {}, ...card.why.flatMap((line) => [h("dt", {}, line.label), h("dd", {}, line.text)])),
    ),
    below,
  );
}
