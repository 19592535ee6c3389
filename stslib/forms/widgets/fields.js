// @ts-check
// Fields bound to the link: several views of one field stay equal, and each tells whether the journal has it.

import { h, uniqueId } from "./dom.js";
import { SessionLink } from "./link.js";
import { scoreText } from "./radar.js";

export class Binder {
  /** @param {SessionLink} link */
  constructor(link) {
    this.link = link;
    /** @type {Map<string, Set<(source: any) => void>>} */
    this.watchers = new Map();
    this.onField = (/** @type {any} */ event) => {
      for (const update of this.watchers.get(event.detail.key) ?? []) update(event.detail.source);
    };
    link.addEventListener("field", this.onField);
  }

  close() {
    this.link.removeEventListener("field", this.onField);
  }

  /** Call *update* now and whenever the field changes. @param {string} item @param {string} field @param {(source: any) => void} update */
  watch(item, field, update) {
    const key = `${item}::${field}`;
    if (!this.watchers.has(key)) this.watchers.set(key, new Set());
    this.watchers.get(key)?.add(update);
    update(null);
  }

  /** "bewaard 14:03", or what stands in the way. @param {string} item @param {string} field */
  savedMark(item, field) {
    const mark = h("span", { class: "sts-saved", id: uniqueId("saved") });
    const draw = () => {
      const known = this.link.field(item, field);
      const waits = this.link.isWaiting(item, field);
      mark.replaceChildren();
      mark.dataset.state = known?.refused ? "refused" : waits ? "waiting" : known?.at ? "saved" : "empty";
      if (known?.refused) mark.append(known.refused);
      else if (waits) mark.append(this.link.offline ? "veilig in deze browser" : "bewaren…");
      else if (known?.at) mark.append(`bewaard ${known.at}`);
      if (known?.other !== undefined && !waits) mark.append(this.conflict(item, field, known));
    };
    this.watch(item, field, draw);
    this.link.addEventListener("line", draw); // a field that waits says where, and that depends on the line
    return mark;
  }

  /** Both values of a field that two windows changed, for a person to pick. @param {string} item @param {string} field @param {any} known */
  conflict(item, field, known) {
    const mine = known.value;
    const shown = field === "score" ? scoreText(known.other) : String(known.other ?? "leeg");
    return h(
      "span",
      { class: "sts-conflict", role: "alert" },
      ` In een ander venster staat hier: “${shown}”. `,
      h("button", { type: "button", onclick: () => this.link.change(item, field, known.other) }, "Neem dat over"),
      " ",
      h("button", { type: "button", onclick: () => this.link.change(item, field, mine) }, "Houd dit"),
    );
  }

  /**
   * @param {any} input a text field or text area
   * @param {string} item
   * @param {string} field
   */
  bindText(input, item, field) {
    input.addEventListener("input", () => this.link.change(item, field, input.value, input));
    this.watch(item, field, (source) => {
      const value = this.link.value(item, field) ?? "";
      if (source !== input && input.value !== value) input.value = value;
    });
    return input;
  }

  /** A labelled text area. @param {{item: string, field: string, label: string, rows?: number, hint?: string, strong?: boolean}} options */
  textArea({ item, field, label, rows = 2, hint = "", strong = false }) {
    const id = uniqueId("field");
    const mark = this.savedMark(item, field);
    const hintId = uniqueId("hint");
    const area = h("textarea", {
      id,
      rows,
      "data-key": `${item}::${field}`,
      "aria-describedby": hint ? `${hintId} ${mark.id}` : mark.id,
    });
    return h(
      "div",
      { class: "sts-field" },
      h("div", { class: "sts-field-head" }, h("label", { for: id, class: strong ? "sts-question" : "" }, label), mark),
      hint && h("p", { class: "sts-hint", id: hintId }, hint),
      this.bindText(area, item, field),
    );
  }

  /** A labelled text field of one line. @param {{item: string, field: string, label: string, hint?: string}} options */
  textLine({ item, field, label, hint = "" }) {
    const id = uniqueId("field");
    const mark = this.savedMark(item, field);
    const hintId = uniqueId("hint");
    const input = h("input", {
      id,
      type: "text",
      autocomplete: "off",
      "data-key": `${item}::${field}`,
      "aria-describedby": hint ? `${hintId} ${mark.id}` : mark.id,
    });
    return h(
      "div",
      { class: "sts-field" },
      h("div", { class: "sts-field-head" }, h("label", { for: id }, label), mark),
      hint && h("p", { class: "sts-hint", id: hintId }, hint),
      this.bindText(input, item, field),
    );
  }

  /** A text area inside a table cell, named by its column and row. @param {{item: string, field: string, label: string}} options */
  cell({ item, field, label }) {
    const area = h("textarea", { rows: 1, "aria-label": label, "data-key": `${item}::${field}` });
    return this.bindText(area, item, field);
  }

  /** 0 to 10 as large buttons, and three ways to give no number. @param {{item: string, legend: string, hint?: any}} options */
  score({ item, legend, hint = null }) {
    const name = uniqueId("score");
    const mark = this.savedMark(item, "score");
    const choices = [...Array(11).keys(), "unknown", "not_applicable", null];
    const radios = choices.map((choice) => {
      const text = choice === "not_applicable" ? "niet van toepassing" : scoreText(choice);
      const input = h("input", { type: "radio", name, onchange: () => this.link.change(item, "score", choice, name) });
      const kind = typeof choice === "number" ? "sts-number" : "sts-no-number";
      return { choice, input, element: h("label", { class: kind }, input, h("span", {}, text)) };
    });
    this.watch(item, "score", () => {
      const value = this.link.value(item, "score");
      for (const radio of radios) radio.input.checked = radio.choice === value;
    });
    return h(
      "fieldset",
      { class: "sts-score", "data-scale": item },
      h("legend", {}, legend, " ", mark),
      hint,
      h("div", { class: "sts-score-row" }, ...radios.map((radio) => radio.element)),
    );
  }

  /** A drop-down for a whole number or nothing. @param {{item: string, field: string, label: string, states?: boolean}} options */
  picker({ item, field, label, states = false }) {
    const choices = [null, ...Array(11).keys(), ...(states ? ["unknown", "not_applicable"] : [])];
    const select = h(
      "select",
      { "aria-label": label, "data-key": `${item}::${field}` },
      ...choices.map((choice) => h("option", { value: choice ?? "" }, choice === null && !states ? "–" : scoreText(choice))),
    );
    select.addEventListener("change", () => this.link.change(item, field, choices[select.selectedIndex], select));
    this.watch(item, field, () => {
      select.selectedIndex = Math.max(0, choices.indexOf(this.link.value(item, field)));
    });
    return select;
  }
}
