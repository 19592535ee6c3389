// @ts-check
// Which part of the school the figures are about: one choice for all of them, and the same in a sentence.

import { h, uniqueId } from "../dom.js";
import { readsAsDay } from "../fields/fields.js";

/** @typedef {import("../figures_page.js").FiguresView} View */

const ORDER = ["school_year", "group", "status", "stretch"];
const FILTER_LABELS = { school_year: "Schooljaar", group: "Welke leerlingen?", status: "Welke afwezigheid?", stretch: "Welke periode?" };
const ALL_PUPILS = "de hele school";

/** What is counted: nothing chosen is everything. @typedef {Record<string, string>} Filter */

/** @param {View} page @param {() => void} changed */
export function buildFilters(page, changed) {
  const { about, model, binder } = page;
  /** @type {Map<string, any>} */
  const controls = new Map();
  const fields = h("div", { class: "sts-filters" });
  const told = h("p", { class: "sts-filter-told" });
  const all = h("button", { type: "button", class: "sts-link", hidden: true, onclick: () => clear() }, "Toon weer alles");
  const wrong = h("p", { class: "sts-filter-wrong", id: uniqueId("wrong"), hidden: true, role: "alert" });

  const years = () => (model.get("stored") ?? []).map((/** @type {any} */ one) => one.school_year).reverse();
  /** Every choice of a filter, those of the groups by what they are. @param {string} name @returns {{set: string, value: string, label: string}[]} */
  const optionsOf = (name) => {
    const plain = (/** @type {string[][]} */ pairs) => pairs.map(([value, label]) => ({ set: "", value, label }));
    if (name === "school_year") return plain(years().map((/** @type {string} */ year) => [year, year]));
    if (name === "status") return plain([["", "alle afwezigheid"], ...about.statuses]);
    if (name === "stretch") return plain([["", "het hele schooljaar"], ...about.stretches, ["own", "eigen periode"]]);
    const groups = model.get("groups").filter((/** @type {any} */ one) => one.dimension !== "school");
    return [...plain([["", ALL_PUPILS]]), ...groups.map((/** @type {any} */ one) => ({ set: one.dimension_label, value: `${one.dimension}\n${one.value}`, label: one.label }))];
  };

  const choose = (/** @type {string} */ name, /** @type {string} */ value) => {
    if (name === "group") {
      const [dimension, group] = value.split("\n");
      for (const part of ["dimension", "value"]) delete page.filter[part];
      if (value) Object.assign(page.filter, { dimension, value: group });
    } else if (value) page.filter[name] = value;
    else delete page.filter[name];
    if (name === "stretch") {
      own.hidden = value !== "own";
      delete page.filter.first;
      delete page.filter.last;
      if (value === "own") {
        first.focus();
        return takeDays();
      }
    }
    tell();
    changed();
  };
  const clear = () => {
    const { school_year } = page.filter;
    for (const name of Object.keys(page.filter)) delete page.filter[name];
    if (school_year) page.filter.school_year = school_year;
    for (const [name, control] of controls) if (name !== "school_year") control.value = "";
    first.value = "";
    last.value = "";
    own.hidden = true;
    wrong.hidden = true;
    fill();
    changed();
    controls.get("school_year")?.focus();
  };
  const day = (/** @type {string} */ label) => {
    const id = uniqueId("day");
    const input = h("input", { type: "text", id, inputmode: "numeric", placeholder: "dd/mm/jjjj", "aria-describedby": wrong.id, onchange: () => takeDays() });
    return { input, element: h("p", {}, h("label", { for: id }, label), input) };
  };
  const from = day("Van");
  const to = day("Tot en met");
  const [first, last] = [from.input, to.input];
  const own = h("div", { class: "sts-filter-days", hidden: true }, from.element, to.element);
  const takeDays = () => {
    const bad = [first, last].filter((input) => input.value.trim() && !readsAsDay(input.value));
    wrong.hidden = !bad.length;
    wrong.replaceChildren(bad.length ? "Schrijf een dag als 03/11/2025." : "");
    for (const input of [first, last]) input.setAttribute("aria-invalid", String(bad.includes(input)));
    if (bad.length) return;
    page.filter.first = first.value.trim();
    page.filter.last = last.value.trim();
    for (const name of ["first", "last"]) if (!page.filter[name]) delete page.filter[name];
    tell();
    if (first.value.trim() || last.value.trim()) changed();
  };

  const fill = () => {
    for (const name of ORDER) {
      const options = optionsOf(name);
      let control = controls.get(name);
      if (!control) {
        const id = uniqueId("filter");
        control = h("select", { id, onchange: () => choose(name, control.value) });
        controls.set(name, control);
        // @ts-ignore: every name has a label
        fields.append(h("p", { "data-filter": name }, h("label", { for: id }, FILTER_LABELS[name]), control));
      }
      const value = name === "group" ? (page.filter.dimension ? `${page.filter.dimension}\n${page.filter.value}` : "") : (page.filter[name] ?? "");
      const option = (/** @type {any} */ one) => h("option", { value: one.value }, one.label);
      const sets = [...new Set(options.map((one) => one.set))];
      control.replaceChildren(...sets.flatMap((set) => {
        const inside = options.filter((one) => one.set === set).map(option);
        return set ? [h("optgroup", { label: set }, ...inside)] : inside;
      }));
      control.value = value;
      if (control.selectedIndex >= 0) continue;
      // What was chosen is not there any more: everything again.
      control.selectedIndex = 0;
      if (name === "group") for (const part of ["dimension", "value"]) delete page.filter[part];
      else delete page.filter[name];
    }
    page.filter.school_year = controls.get("school_year").value || years()[0] || "";
    tell();
  };
  const tell = () => {
    told.replaceChildren("Jullie zien: ", h("strong", {}, inWords(page, controls)), ". ");
    all.hidden = !Object.keys(page.filter).some((name) => name !== "school_year");
  };
  binder.follow(model, "change:groups", fill);
  binder.follow(model, "change:stored", fill);
  fill();
  return h("form", { class: "sts-filter-bar", "aria-label": "Waarover gaan de figuren?", onsubmit: (/** @type {any} */ event) => event.preventDefault() }, fields, own, wrong, h("div", { class: "sts-filter-line" }, told, all));
}

/** @param {View} page @param {Map<string, any>} controls */
function inWords(page, controls) {
  const chosen = (/** @type {string} */ name) => controls.get(name)?.selectedOptions[0]?.textContent ?? "";
  const { first, last, stretch } = page.filter;
  const days = [first && `van ${first}`, last && `tot en met ${last}`].filter(Boolean).join(" ");
  return [chosen("group"), chosen("status"), page.filter.school_year, days || (stretch && stretch !== "own" ? chosen("stretch") : "")].filter(Boolean).join(" · ");
}
