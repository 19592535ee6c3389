// @ts-check
// Rows that a team adds and removes, each an item of its own below a block. What stands keeps its place and its focus while rows of
// another window come in; what was removed leaves a line to put it back, until the page is left.

import { h, randomHex } from "../dom.js";

/** @typedef {import("../session_form.js").SessionPage} Page */
/**
 * @typedef {object} RowShape
 * @property {string} tag element of a row: `li`, `tr` or `article`
 * @property {(item: string) => any[]} cells what stands in a row
 * @property {(item: string) => string} name what to call a row that was removed
 * @property {(row: any, order: number) => void} [number] tells a row which one it is, from 1
 * @property {() => void} [drawn] called after each drawing
 */

export class RowList {
  /** Draw it once with `draw` when it is made. @param {Page} page @param {string} block @param {any} place holds the rows @param {RowShape} shape */
  constructor(page, block, place, shape) {
    this.page = page;
    this.prefix = `${block}.`;
    this.place = place;
    this.shape = shape;
    /** @type {Map<string, any>} */
    this.standing = new Map();
    /** @type {Map<string, any>} */
    this.gone = new Map();
    page.binder.listen(page.link, "field", (event) => {
      const { item, field } = event.detail;
      if (item.startsWith(this.prefix) && (field === "removed" || !this.standing.has(item))) this.draw();
    });
  }

  /** Every item there ever was here, removed ones too, in the order of first writing. @returns {string[]} */
  everyItem() {
    const items = new Set();
    for (const key of this.page.link.fields.keys()) {
      const item = key.slice(0, key.indexOf("::"));
      if (item.startsWith(this.prefix) && /^[0-9a-f]{8}$/.test(item.slice(this.prefix.length))) items.add(item);
    }
    return [...items];
  }

  /** @param {string} item */
  isRemoved(item) {
    return this.page.link.value(item, "removed") === true;
  }

  /** The items that stand. @returns {string[]} */
  items() {
    return this.everyItem().filter((item) => !this.isRemoved(item));
  }

  /** A new row, written at once so that every window has it. @param {string} field @param {any} value */
  add(field, value) {
    const item = `${this.prefix}${randomHex(8)}`;
    this.page.link.change(item, field, value);
    this.focusIn(item);
    return item;
  }

  /** @param {string} item */
  focusIn(item) {
    const row = this.standing.get(item);
    (row?.querySelector("textarea, input, select") ?? row?.querySelector("button"))?.focus(); // where to type, wherever the buttons stand
  }

  /** @param {string} item */
  remove(item) {
    this.page.link.change(item, "removed", true);
    this.gone.get(item)?.querySelector("button")?.focus();
  }

  /** @param {string} item */
  putBack(item) {
    this.page.link.change(item, "removed", null);
    this.focusIn(item);
  }

  /** The button that removes a row. @param {string} item */
  removeButton(item) {
    return h("button", { type: "button", class: "sts-link sts-row-remove", onclick: () => this.remove(item) }, "Weghalen");
  }

  /** The line in place of a removed row. @param {string} item */
  goneLine(item) {
    const name = this.shape.name(item);
    const button = h("button", { type: "button", class: "sts-link", "aria-label": `Terugzetten: ${name}`, onclick: () => this.putBack(item) }, "Terugzetten");
    const parts = [h("span", { dir: "auto" }, `Weggehaald: ${name}`), " ", button];
    const inner = this.shape.tag === "tr" ? [h("td", { colspan: 20 }, ...parts)] : parts;
    return h(this.shape.tag, { class: "sts-gone", "data-gone": item }, ...inner);
  }

  draw() {
    const wanted = [];
    let order = 0;
    for (const item of this.everyItem()) {
      if (this.isRemoved(item)) {
        if (!this.standing.has(item)) continue;
        if (!this.gone.has(item)) this.gone.set(item, this.goneLine(item));
        wanted.push(this.gone.get(item));
        continue;
      }
      this.gone.delete(item);
      if (!this.standing.has(item)) this.standing.set(item, h(this.shape.tag, { "data-row": item }, ...this.shape.cells(item)));
      const row = this.standing.get(item);
      this.shape.number?.(row, (order += 1));
      wanted.push(row);
    }
    // Out first, then in: an element that is moved loses the focus, one that stays keeps it.
    for (const child of [...this.place.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((element, index) => {
      if (this.place.children[index] !== element) this.place.insertBefore(element, this.place.children[index] ?? null);
    });
    this.shape.drawn?.();
  }
}

/** The first words of a text, or *otherwise*. @param {any} text @param {string} otherwise */
export function firstWords(text, otherwise) {
  const plain = String(text ?? "").trim().replace(/\s+/g, " ");
  if (!plain) return otherwise;
  const letters = [...plain];
  return letters.length > 60 ? `${letters.slice(0, 58).join("")}…` : plain;
}
