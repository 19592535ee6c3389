// @ts-check
// The first rows of each file with what every column seems to be, for a person to correct. The values stand on the page only
// as long as it is looked at: in no trait, no store and no log.

import { h, uniqueId } from "../dom.js";

const NOT_USED = "";

/** @typedef {{index: number, header: string, role: string, personal: boolean, values: string[]}} PreviewColumn */
/** @typedef {{role: string, name: string, columns: PreviewColumn[], told: string[], problems: {level: string, fact: string, remedy: string}[], sheets: string[], sheet: string | null, header_row: number}} PreviewFile */

export class ColumnsPreview {
  /** @param {any} about @param {() => void} changed */
  constructor(about, changed) {
    this.about = about;
    this.changed = changed;
    this.element = h("div", {});
    /** @type {Map<string, Map<string | number, string | number>>} What a person said: by file and column, and of its sheet and headers. */
    this.said = new Map();
    /** @type {Map<string, {element: any, columns: string, update: (file: PreviewFile) => void}>} */
    this.tables = new Map();
    this.used = h("p", { class: "sts-message", "data-level": "good", hidden: true });
    this.files = h("div", {});
    this.element.append(this.used, this.files);
  }

  known() {
    return this.tables.size > 0;
  }

  /** Whether a person corrected anything. */
  corrected() {
    return [...this.said.values()].some((columns) => columns.size > 0);
  }

  /** What a person said, for the kernel: file -> column -> role. */
  mapping() {
    return Object.fromEntries([...this.said].filter(([, columns]) => columns.size).map(([role, columns]) => [role, Object.fromEntries(columns)]));
  }

  /** @param {string} role */
  forget(role) {
    this.said.delete(role);
    this.tables.get(role)?.element.remove();
    this.tables.delete(role);
  }

  clear() {
    for (const role of [...this.tables.keys()]) this.forget(role);
    this.said.clear();
    this.used.hidden = true;
  }

  /** @param {{files: PreviewFile[], profile: string}} message */
  show(message) {
    this.used.hidden = !message.profile;
    this.used.replaceChildren(message.profile);
    for (const file of message.files) {
      const columns = JSON.stringify([file.name, file.sheet, file.header_row, file.columns.map((column) => [column.index, column.header]), file.columns[0]?.values.length]);
      const known = this.tables.get(file.role);
      if (known?.columns === columns) known.update(file);
      else {
        known?.element.remove();
        this.tables.set(file.role, { columns, ...this.build(file) });
      }
    }
    for (const role of [...this.tables.keys()]) if (!message.files.some((file) => file.role === role)) this.forget(role);
    this.files.replaceChildren(...[...this.tables.values()].map((table) => table.element));
  }

  /** @param {PreviewFile} file */
  build(file) {
    const told = h("div", { role: "status" });
    /** @type {{select: any, mark: any, cells: any[], head: any, column: PreviewColumn}[]} */
    const columns = file.columns.map((column) => {
      const select = h(
        "select",
        { "aria-label": `Wat is kolom ${column.index + 1}, ${column.header || "zonder titel"}?`, onchange: () => this.say(file.role, column.index, select.value) },
        h("option", { value: NOT_USED }, "niet gebruiken"),
        ...this.about.roles[file.role].map((/** @type {string[]} */ [role, name]) => h("option", { value: role }, name)),
      );
      const mark = h("small", {});
      const cells = column.values.map((value) => h("td", {}, value));
      const head = h("th", { scope: "col" }, h("span", { class: "sts-preview-header" }, column.header || "(zonder titel)"), select, mark);
      return { select, mark, cells, head, column };
    });
    const rows = Math.max(0, ...file.columns.map((column) => column.values.length));
    const table = h(
      "div",
      { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": `Eerste rijen van ${file.name}` },
      h(
        "table",
        { class: "sts-table sts-preview" },
        h("caption", {}, `De eerste ${rows} rijen, met per kolom wat ze is. Wat niet klopt, kies je zelf.`),
        h("thead", {}, h("tr", {}, ...columns.map((column) => column.head))),
        h("tbody", {}, ...Array.from({ length: rows }, (_, row) => h("tr", {}, ...columns.map((column) => column.cells[row] ?? h("td", {}))))),
      ),
    );
    const update = (/** @type {PreviewFile} */ now) => {
      now.columns.forEach((column, place) => {
        const { select, mark, cells, head } = columns[place];
        if (column.role && ![...select.options].some((/** @type {any} */ option) => option.value === column.role)) select.append(h("option", { value: column.role }, this.about.role_names[column.role] ?? column.role));
        if (document.activeElement !== select || select.value !== column.role) select.value = column.role;
        const state = column.role ? "used" : column.personal ? "personal" : "unused";
        head.dataset.state = state;
        mark.replaceChildren(state === "personal" ? "wordt niet bewaard" : state === "unused" ? "wordt niet gebruikt" : "");
        cells.forEach((cell, row) => {
          cell.dataset.state = state;
          cell.replaceChildren(column.values[row]);
        });
      });
      told.replaceChildren(
        ...now.told.map((line) => h("p", { class: "sts-preview-told" }, line)),
        ...now.problems.map((problem) => h("p", problem.level === "note" ? { class: "sts-hint" } : { class: "sts-message", "data-level": problem.level }, problem.fact, " ", problem.remedy)),
      );
    };
    update(file);
    const id = uniqueId("preview");
    return { element: h("section", { "aria-labelledby": id, class: "sts-preview-file" }, h("h4", { id }, file.name), told, this.whereItStands(file), file.columns.length > 0 && table), update };
  }

  /** Which sheet it is and in which row the titles stand. @param {PreviewFile} file */
  whereItStands(file) {
    const place = (/** @type {string} */ label, /** @type {any} */ control) => {
      control.id = uniqueId("place");
      return h("p", {}, h("label", { for: control.id }, label), control);
    };
    const sheet = file.sheets.length > 1 && h("select", { onchange: (/** @type {any} */ event) => this.say(file.role, "sheet", event.target.value) }, ...file.sheets.map((name) => h("option", { value: name }, name)));
    if (sheet) sheet.value = file.sheet;
    const row = h("select", { onchange: (/** @type {any} */ event) => this.say(file.role, "header_row", Number(event.target.value)) }, h("option", { value: 0 }, "er zijn geen titels"), ...Array.from({ length: Math.max(20, file.header_row) }, (_, index) => h("option", { value: index + 1 }, `rij ${index + 1}`)));
    row.value = String(file.header_row);
    return file.columns.length > 0 && h("div", { class: "sts-preview-place" }, sheet && place("Blad", sheet), place("Kolomtitels", row));
  }

  /** @param {string} role @param {string | number} column @param {string | number} value */
  say(role, column, value) {
    const said = this.said.get(role) ?? new Map();
    this.said.set(role, said);
    // Another sheet or other headers: what was said of the columns no longer holds.
    if (typeof column === "string") for (const other of [...said.keys()]) if (typeof other === "number") said.delete(other);
    for (const [other, had] of said) if (value && had === value) said.delete(other);
    said.set(column, value);
    this.changed();
  }
}
