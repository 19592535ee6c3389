// @ts-check
// Which part of the school the figures are about: one choice for all of them, and the same in a sentence.

import { h, uniqueId } from "../dom.js";
import { readsAsDay } from "../fields/fields.js";

/** @typedef {import("../figures_page.js").FiguresView} View */

const GROUP_FILTERS = ["level", "grade", "year", "stream", "class"];

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
  const optionsOf = (/** @type {string} */ name) => {
    if (name === "school_year") return years().map((/** @type {string} */ year) => [year, year]);
    if (name === "status") return [["", "alle afwezigheid"], ...about.statuses];
    if (name === "stretch") return [["", "het hele schooljaar"], ...about.stretches, ["own", "eigen periode"]];
    const groups = model.get("groups").filter((/** @type {any} */ group) => group.dimension === name);
    return groups.length > 1 ? [["", "alle"], ...groups.map((/** @type {any} */ group) => [group.value, group.label])] : [];
  };
  const LABELS = { school_year: "Schooljaar", status: "Soort afwezigheid", level: "Niveau", grade: "Graad", year: "Leerjaar", stream: "Stroom of finaliteit", class: "Klas", stretch: "Periode" };

  const choose = (/** @type {string} */ name, /** @type {string} */ value) => {
    if (value) page.filter[name] = value;
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
    for (const name of ["school_year", "status", ...GROUP_FILTERS, "stretch"]) {
      const options = optionsOf(name);
      let control = controls.get(name);
      if (!options.length) {
        control?.parentElement?.remove();
        controls.delete(name);
        delete page.filter[name];
        continue;
      }
      if (!control) {
        const id = uniqueId("filter");
        control = h("select", { id, onchange: () => choose(name, control.value) });
        controls.set(name, control);
        // @ts-ignore: every name has a label
        fields.append(h("p", { "data-filter": name }, h("label", { for: id }, LABELS[name]), control));
      }
      const value = page.filter[name] ?? "";
      control.replaceChildren(...options.map((/** @type {string[]} */ [key, label]) => h("option", { value: key }, label)));
      control.value = value;
      if (control.selectedIndex < 0) control.selectedIndex = 0;
      if (name === "school_year") page.filter.school_year = control.value;
      else if (!control.value) delete page.filter[name];
    }
    // In the order of the page, whenever each came.
    fields.append(...["school_year", "status", ...GROUP_FILTERS, "stretch"].flatMap((name) => controls.get(name)?.parentElement ?? []));
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
  const chosen = (/** @type {string} */ name) => (page.filter[name] ? controls.get(name)?.selectedOptions[0]?.textContent : "");
  const groups = GROUP_FILTERS.map((name) => (name === "class" && chosen(name) ? `klas ${chosen(name)}` : chosen(name))).filter(Boolean);
  const { first, last, stretch } = page.filter;
  const period = first || last ? [first && `van ${first}`, last && `tot en met ${last}`].filter(Boolean).join(" ") : stretch && stretch !== "own" ? chosen("stretch") : "";
  return [groups.join(", ") || "de hele school", chosen("status") || "alle afwezigheid", page.filter.school_year ?? "", period].filter(Boolean).join(" · ");
}
