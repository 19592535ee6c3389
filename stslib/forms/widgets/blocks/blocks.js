// @ts-check
// What a section asks for besides questions and scores: small forms and lists of rows here, the other kinds in modules of their own.

import { buildActionsBlock } from "../phases/actions.js";
import { buildDirectory } from "./directory.js";
import { h, uniqueId } from "../dom.js";
import { buildFocus } from "./focus.js";
import { buildIndicator } from "./indicator.js";
import { buildPoster } from "./poster.js";
import { RowList, firstWords } from "../fields/rows.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

/** @type {Record<string, (page: Page, block: any) => any>} */
const BUILDERS = {
  velden: buildFieldsBlock,
  rijen: buildRowsBlock,
  focus: buildFocus,
  acties: buildActionsBlock,
  indicator: buildIndicator,
  affiche: buildPoster,
  wegwijzer: buildDirectory,
};

/** @param {Page} page @param {any} block @param {any} section */
export function buildBlock(page, block, section) {
  const id = uniqueId("block");
  return h(
    "section",
    { class: `sts-block sts-block-${block.kind}`, "data-block": block.id, "aria-labelledby": id },
    h("h4", { id, class: block.title === section.title ? "sts-unseen" : "" }, block.title),
    block.intro && h("p", { class: "sts-block-intro" }, block.intro),
    BUILDERS[block.kind](page, block),
  );
}

/** @param {Page} page @param {any} block */
function buildFieldsBlock(page, block) {
  const about = `(${block.title})`;
  return h("div", { class: "sts-fields" }, ...block.fields.map((/** @type {any} */ field) => page.binder.formField(block.id, field, about)));
}

/** @param {Page} page @param {any} block */
function buildRowsBlock(page, block) {
  const single = block.columns.length === 1;
  const place = h(single ? "ul" : "tbody", single ? { class: "sts-lines", "aria-label": block.title } : {});
  const empty = h("p", { class: "sts-empty" }, `Hier staat nog niets. Begin met “${block.add}”.`);
  const written = block.columns.filter((/** @type {any} */ column) => ["regel", "tekst", "datum"].includes(column.kind));
  const cell = (/** @type {string} */ item, /** @type {any} */ column) => page.binder.cellField(item, column, column.label);
  const cells = (/** @type {string} */ item) =>
    single
      ? [cell(item, block.columns[0]), list.removeButton(item)]
      : [
          ...block.columns.map((/** @type {any} */ column) => h("td", {}, h("span", { class: "sts-cell-name", "aria-hidden": "true" }, column.label), cell(item, column))),
          h("td", { class: "sts-narrow" }, list.removeButton(item)),
        ];
  const number = (/** @type {any} */ row, /** @type {number} */ order) => {
    row.querySelectorAll("[data-key]").forEach((/** @type {any} */ control, /** @type {number} */ index) => {
      control.setAttribute("aria-label", `${block.columns[index].label}, rij ${order} van ${block.title}`);
    });
    row.querySelector(".sts-row-remove").setAttribute("aria-label", `Weghalen: rij ${order} van ${block.title}`);
  };
  const name = (/** @type {string} */ item) => {
    const texts = written.map((/** @type {any} */ column) => page.link.value(item, column.id)).filter((/** @type {any} */ text) => String(text ?? "").trim());
    return firstWords(texts[0], "een lege rij");
  };
  const table = single
    ? place
    : h(
        "table",
        { class: "sts-table sts-rows" },
        h("caption", { class: "sts-unseen" }, block.title),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...block.columns.map((/** @type {any} */ column) => h("th", { scope: "col" }, column.label, column.hint && h("small", {}, column.hint))),
            h("td", {}, h("span", { class: "sts-unseen" }, "Weghalen")),
          ),
        ),
        place,
      );
  const drawn = () => {
    const some = place.children.length > 0;
    table.hidden = !some;
    empty.hidden = some;
  };
  const hint = single ? block.columns[0].hint : "";
  /** @type {RowList} */
  const list = new RowList(page, block.id, place, { tag: single ? "li" : "tr", cells, name, number, drawn });
  list.draw();
  const [first] = block.columns;
  const start = ["keuze", "vinkje"].includes(first.kind) ? null : "";
  const add = h("button", { type: "button", class: "sts-secondary", "aria-label": `${block.add} (${block.title})`, onclick: () => list.add(first.id, start) }, block.add);
  return h("div", {}, hint && h("p", { class: "sts-hint" }, hint), empty, table, h("p", { class: "sts-block-add" }, add));
}
