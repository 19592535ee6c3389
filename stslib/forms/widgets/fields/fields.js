// @ts-check
// Fields bound to the link: several views of one field stay equal, and each tells whether the journal has it.

import { careText, warnAbout } from "./care.js";
import { h, uniqueId } from "../dom.js";
import { SessionLink } from "../line/link.js";
import { scoreText } from "../pictures/radar.js";

/** @typedef {"all" | "numbers" | "none"} Care which looks of care.js a text gets: all, the national number only, or none */
/** @typedef {{id: any, label: string}} Choice */
/** @typedef {{id: string, label: string, hint?: string, kind?: string, options?: Choice[]}} FieldShape */

const NOT_FILLED_IN = "niet ingevuld";
const GROWS_BY_ITSELF = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

/** Whether *text* reads as a day: 15/1/2027, 15-1-2027, 15.1.2027 or 2027-01-15. @param {string} text */
export function readsAsDay(text) {
  const typed = /^\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*$/.exec(text);
  const iso = /^\s*(\d{4})-(\d{2})-(\d{2})\s*$/.exec(text);
  const parts = typed ? [typed[3], typed[2], typed[1]] : iso?.slice(1);
  if (!parts) return false;
  const [year, month, day] = parts.map(Number);
  const made = new Date(Date.UTC(2000, month - 1, day));
  made.setUTCFullYear(year, month - 1, day);
  return year > 0 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
}

/** A value as people read it. @param {any} value @param {Choice[]} [options] */
function valueText(value, options = []) {
  const known = options.find((option) => option.id === value);
  if (known) return known.label;
  if (value === true) return "ja";
  if (value === false) return "nee";
  return value === null || value === "" ? "leeg" : String(value);
}

/** Text areas as tall as their text, where the browser does not do it by itself. @param {any} area */
function grow(area) {
  if (GROWS_BY_ITSELF || area.tagName !== "TEXTAREA" || !area.isConnected) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

/** What a label says, and for who hears it also what it is about. @param {string} label @param {string} about @returns {any[]} */
function labelParts(label, about) {
  return about ? [label, h("span", { class: "sts-unseen" }, ` ${about}`)] : [label];
}

export class Binder {
  /** @param {SessionLink} link */
  constructor(link) {
    this.link = link;
    /** @type {Map<string, Set<(source: any) => void>>} */
    this.watchers = new Map();
    /** @type {(() => void)[]} */
    this.ends = [];
    this.onField = (/** @type {any} */ event) => {
      for (const update of this.watchers.get(event.detail.key) ?? []) update(event.detail.source);
    };
    this.listen(link, "field", this.onField);
  }

  close() {
    for (const end of this.ends.splice(0)) end();
    this.watchers.clear();
  }

  /** Call *end* when the page is closed. @param {() => void} end */
  onClose(end) {
    this.ends.push(end);
  }

  /** Listen as long as the page is shown. @param {EventTarget} target @param {string} type @param {(event: any) => void} listener */
  listen(target, type, listener) {
    target.addEventListener(type, listener);
    this.onClose(() => target.removeEventListener(type, listener));
  }

  /** Follow a trait of the widget's model as long as the page is shown. @param {any} model @param {string} type @param {() => void} listener */
  follow(model, type, listener) {
    model.on(type, listener);
    this.onClose(() => model.off(type, listener));
  }

  /** Call *update* now and whenever the field changes. @param {string} item @param {string} field @param {(source: any) => void} update */
  watch(item, field, update) {
    const key = `${item}::${field}`;
    if (!this.watchers.has(key)) this.watchers.set(key, new Set());
    this.watchers.get(key)?.add(update);
    update(null);
  }

  /** "bewaard 14:03", or what stands in the way. @param {string} item @param {string} field @param {Choice[]} [options] */
  savedMark(item, field, options = []) {
    const mark = h("span", { class: "sts-saved", id: uniqueId("saved") });
    const draw = () => {
      const known = this.link.field(item, field);
      const waits = this.link.isWaiting(item, field);
      const carried = !waits && known && known.revision === 0 ? /** @type {any} */ (known).from : "";
      mark.replaceChildren();
      mark.dataset.state = known?.refused ? "refused" : waits ? "waiting" : carried ? "carried" : known?.at ? "saved" : "empty";
      if (known?.refused) mark.append(known.refused);
      else if (waits) mark.append(this.link.offline ? "veilig in deze browser" : "bewaren…");
      else if (carried) mark.append(`van ${carried}`);
      else if (known?.at) mark.append(`bewaard ${known.at}`);
      if (known?.other !== undefined && !waits) mark.append(this.conflict(item, field, known, options));
    };
    this.watch(item, field, draw);
    this.listen(this.link, "line", draw); // a field that waits says where, and that depends on the line
    return mark;
  }

  /** Both values of a field that two windows changed, for a person to pick. @param {string} item @param {string} field @param {any} known @param {Choice[]} [options] */
  conflict(item, field, known, options = []) {
    const mine = known.value;
    const shown = field === "score" ? scoreText(known.other) : valueText(known.other, options);
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
   * @param {Care} [care]
   */
  bindText(input, item, field, care = "all") {
    input.setAttribute("dir", "auto");
    const look = care === "none" ? () => {} : this.careBelow(input, care);
    input.addEventListener("input", () => {
      grow(input);
      look();
      this.link.change(item, field, input.value, input);
    });
    this.watch(item, field, (source) => {
      const value = this.link.value(item, field) ?? "";
      if (source === input || input.value === value) return;
      input.value = value;
      grow(input);
      look();
    });
    return input;
  }

  /**
   * Watches a text field: the warning comes right below it, and goes again with what caused it.
   * @param {any} input
   * @param {Care} care
   */
  careBelow(input, care) {
    /** @type {any} */
    let warning = null;
    const describedBy = () => (input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    const show = () => {
      const found = warnAbout(input.value).filter((kind) => care === "all" || kind === "een rijksregisternummer");
      const text = careText(found);
      if (!warning && !text) return;
      if (!warning) {
        warning = h("p", { class: "sts-care", role: "status", id: uniqueId("care") });
        input.setAttribute("aria-describedby", [...describedBy(), warning.id].join(" "));
        input.after(warning);
      }
      if (warning.textContent !== text) warning.replaceChildren(text);
    };
    // A field that is being built has no place on the page yet.
    return () => (input.parentNode ? show() : queueMicrotask(() => input.parentNode && show()));
  }

  /**
   * A labelled text area; *about* is heard only: the row or the candidate it belongs to.
   * @param {{item: string, field: string, label: string, rows?: number, hint?: string, strong?: boolean, about?: string, care?: Care}} options
   */
  textArea({ item, field, label, rows = 2, hint = "", strong = false, about = "", care = "all" }) {
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
      h("div", { class: "sts-field-head" }, h("label", { for: id, class: strong ? "sts-question" : "" }, ...labelParts(label, about)), mark),
      hint && h("p", { class: "sts-hint", id: hintId }, hint),
      this.bindText(area, item, field, care),
    );
  }

  /**
   * A labelled text of one line, which grows where it is longer than the place; *mode* is the keyboard that a tablet shows.
   * @param {{item: string, field: string, label: string, hint?: string, about?: string, care?: Care, mode?: string}} options
   */
  textLine({ item, field, label, hint = "", about = "", care = "all", mode = "" }) {
    const id = uniqueId("field");
    const mark = this.savedMark(item, field);
    const hintId = uniqueId("hint");
    const input = h("textarea", {
      id,
      rows: 1,
      class: "sts-line",
      autocomplete: "off",
      inputmode: mode || null,
      "data-key": `${item}::${field}`,
      "aria-describedby": hint ? `${hintId} ${mark.id}` : mark.id,
    });
    input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !event.isComposing) event.preventDefault();
    });
    input.addEventListener("input", () => {
      if (input.value.includes("\n")) input.value = input.value.replace(/\s*\n\s*/g, " "); // as pasted into a field of one line
    });
    return h(
      "div",
      { class: "sts-field" },
      h("div", { class: "sts-field-head" }, h("label", { for: id }, ...labelParts(label, about)), mark),
      hint && h("p", { class: "sts-hint", id: hintId }, hint),
      this.bindText(input, item, field, care),
    );
  }

  /** A text area inside a table cell, named by its column and row. @param {{item: string, field: string, label: string}} options */
  cell({ item, field, label }) {
    const area = h("textarea", { rows: 1, "aria-label": label, "data-key": `${item}::${field}` });
    return this.bindText(area, item, field);
  }

  /** A day, kept as it was typed; says so, gently and afterwards, when it does not read as one. @param {{item: string, field: string, label: string, hint?: string, about?: string}} options */
  date({ item, field, label, hint = "", about = "" }) {
    const element = this.textLine({ item, field, label, hint: hint || "Dag/maand/jaar, zoals 15/01/2027.", about });
    this.dayBelow(element.querySelector("textarea"), item, field);
    return element;
  }

  /** @param {any} input @param {string} item @param {string} field */
  dayBelow(input, item, field) {
    const told = h("p", { class: "sts-care", role: "status", id: uniqueId("day") });
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
    const look = (/** @type {boolean} */ whileTyping) => {
      const text = input.value.trim();
      if (text === "" || readsAsDay(text)) told.replaceChildren();
      else if (!whileTyping) told.replaceChildren("Dit leest niet als een dag. Het blijft staan zoals het er staat; als 15/01/2027 komt het ook in de agenda.");
    };
    input.addEventListener("change", () => look(false));
    this.watch(item, field, (source) => look(source === input));
    input.after(told);
  }

  /**
   * One of a few, as large buttons; *empty* takes the choice back.
   * @param {{item: string, field: string, label: string, options: Choice[], hint?: any, about?: string, empty?: string, small?: boolean}} options
   */
  choice({ item, field, label, options, hint = null, about = "", empty = NOT_FILLED_IN, small = false }) {
    const name = uniqueId("choice");
    const mark = this.savedMark(item, field, options);
    const radios = [...options, { id: null, label: empty }].map((option) => {
      const heard = option.id === null && empty === "–" ? NOT_FILLED_IN : null; // a dash says nothing to who hears it
      const input = h("input", { type: "radio", name, "aria-label": heard, onchange: () => this.link.change(item, field, option.id, name) });
      return { option, input, element: h("label", { class: option.id === null ? "sts-no-choice" : "" }, input, h("span", {}, option.label)) };
    });
    this.watch(item, field, () => {
      const value = this.link.value(item, field);
      for (const radio of radios) radio.input.checked = radio.option.id === value || (radio.option.id === null && value === "");
    });
    return h(
      "fieldset",
      { class: small ? "sts-choice sts-choice-small" : "sts-choice", "data-key": `${item}::${field}` },
      h("legend", {}, ...labelParts(label, about), " ", mark),
      typeof hint === "string" && hint ? h("p", { class: "sts-hint" }, hint) : hint,
      h("div", { class: "sts-choice-row" }, ...radios.map((radio) => radio.element)),
    );
  }

  /** A bare drop-down of options, the first of them none. @param {{item: string, field: string, label: string, options: Choice[], empty?: string}} options */
  optionCell({ item, field, label, options, empty = NOT_FILLED_IN }) {
    const values = [null, ...options.map((option) => option.id)];
    const select = h(
      "select",
      { "aria-label": label, "data-key": `${item}::${field}` },
      ...[{ id: null, label: empty }, ...options].map((option, index) => h("option", { value: index }, option.label)),
    );
    select.addEventListener("change", () => this.link.change(item, field, values[select.selectedIndex], select));
    this.watch(item, field, () => {
      select.selectedIndex = Math.max(0, values.indexOf(this.link.value(item, field)));
    });
    return select;
  }

  /** A labelled drop-down of options. @param {{item: string, field: string, label: string, options: Choice[], hint?: string, about?: string, empty?: string}} options */
  select({ item, field, label, options, hint = "", about = "", empty = NOT_FILLED_IN }) {
    const mark = this.savedMark(item, field, options);
    const select = this.optionCell({ item, field, label: `${label} ${about}`.trim(), options, empty });
    return this.framed({ control: select, label, hint, about, mark });
  }

  /** A drop-down or the like with its label, hint and mark around it. @param {{control: any, label: string, hint?: string, about?: string, mark?: any}} options */
  framed({ control, label, hint = "", about = "", mark = null }) {
    const hintId = uniqueId("hint");
    control.id = uniqueId("field");
    control.removeAttribute("aria-label");
    control.setAttribute("aria-describedby", [hint && hintId, mark?.id].filter(Boolean).join(" "));
    return h(
      "div",
      { class: "sts-field" },
      h("div", { class: "sts-field-head" }, h("label", { for: control.id }, ...labelParts(label, about)), mark),
      hint && h("p", { class: "sts-hint", id: hintId }, hint),
      control,
    );
  }

  /** A bare box to tick: true, or nothing. @param {{item: string, field: string, label: string}} options */
  tickCell({ item, field, label }) {
    const box = h("input", { type: "checkbox", "aria-label": label, "data-key": `${item}::${field}` });
    box.addEventListener("change", () => this.link.change(item, field, box.checked ? true : null, box));
    this.watch(item, field, () => {
      box.checked = this.link.value(item, field) === true;
    });
    return box;
  }

  /** A box to tick with its label beside it. @param {{item: string, field: string, label: string, hint?: string, about?: string}} options */
  tick({ item, field, label, hint = "", about = "" }) {
    const box = this.tickCell({ item, field, label });
    const mark = this.savedMark(item, field);
    const hintId = uniqueId("hint");
    box.removeAttribute("aria-label");
    box.setAttribute("aria-describedby", hint ? `${hintId} ${mark.id}` : mark.id);
    return h(
      "div",
      { class: "sts-tick" },
      h("label", {}, box, h("span", {}, ...labelParts(label, about))),
      mark,
      hint && h("p", { class: "sts-hint", id: hintId }, hint),
    );
  }

  /** The right field for a field of a block. @param {string} item @param {FieldShape} field @param {string} [about] */
  formField(item, field, about = "") {
    const options = { item, field: field.id, label: field.label, hint: field.hint ?? "", about };
    if (field.kind === "regel") return this.textLine(options);
    if (field.kind === "datum") return this.date(options);
    if (field.kind === "vinkje") return this.tick(options);
    if (field.kind !== "keuze") return this.textArea(options);
    const choices = field.options ?? [];
    return choices.length > 6 ? this.select({ ...options, options: choices }) : this.choice({ ...options, options: choices });
  }

  /** The right field for a cell of a table, with its mark below it; the label names column and row. @param {string} item @param {FieldShape} field @param {string} label */
  cellField(item, field, label) {
    const options = { item, field: field.id, label };
    const choices = field.options ?? [];
    const mark = this.savedMark(item, field.id, choices);
    if (field.kind === "keuze") return h("div", { class: "sts-cell" }, this.optionCell({ ...options, options: choices }), mark);
    if (field.kind === "vinkje") return h("div", { class: "sts-cell sts-cell-tick" }, this.tickCell(options), mark);
    const area = this.cell(options);
    const element = h("div", { class: "sts-cell" }, area, mark);
    if (field.kind === "datum") this.dayBelow(area, item, field.id);
    return element;
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
      h("div", { class: "sts-score-row sts-score-numbers" }, ...radios.slice(0, 11).map((radio) => radio.element)),
      h("div", { class: "sts-score-row" }, ...radios.slice(11).map((radio) => radio.element)),
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
