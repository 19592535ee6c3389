// @ts-check
// What figures are stored of which school and until when, with two ways out: keep them longer, or remove them.

import { h, uniqueId } from "./dom.js";

/** @typedef {{school: string, folder: string, school_year: string, counts: string, versions: string, kept: string, overdue: boolean, trouble: string, proposed: string, goes: string[], stays: string, seal: string}} StoredYear */

export class StoredFigures {
  /** @param {any} model with the trait ``figures``: a list of StoredYear */
  constructor(model) {
    this.model = model;
    this.alert = h("div", {});
    this.told = h("div", { role: "status" });
    /** @type {HTMLElement} where a refusal is told: in what is open, else above the list */
    this.near = this.told;
    this.head = h("h2", { tabindex: "-1" }, "Bewaarde cijfers");
    this.list = h("div", {});
    this.element = h(
      "section",
      { class: "sts-stored", "aria-label": "Bewaarde cijfers" },
      this.head,
      h("p", { class: "sts-hint" }, "Halve dagen van een school blijven op deze computer tot een dag die je zelf kan kiezen. Niets gaat vanzelf weg."),
      this.told,
      this.list,
    );
    this.onFigures = () => this.draw();
    model.on("change:figures", this.onFigures);
    this.draw();
  }

  close() {
    this.model.off("change:figures", this.onFigures);
  }

  draw() {
    /** @type {StoredYear[]} */
    const years = this.model.get("figures");
    const late = years.filter((year) => year.overdue);
    this.element.hidden = !years.length && !this.told.childElementCount;
    this.alert.replaceChildren(...(late.length ? [this.buildAlert(late)] : []));
    const schools = [...new Set(years.map((year) => year.folder))];
    this.list.replaceChildren(...schools.map((folder) => this.buildSchool(years.filter((year) => year.folder === folder))));
  }

  /** @param {StoredYear[]} late */
  buildAlert(late) {
    const what = late.length === 1 ? `de cijfers van ${late[0].school} over ${late[0].school_year}` : `cijfers over ${late.length} schooljaren`;
    return h(
      "div",
      { class: "sts-message", "data-level": "warning" },
      h("p", {}, `De bewaartermijn van ${what} is voorbij. `, h("button", { type: "button", class: "sts-link", onclick: () => this.goTo() }, "Kies: langer bewaren of verwijderen")),
    );
  }

  goTo() {
    this.head.scrollIntoView();
    this.head.focus();
  }

  /** @param {StoredYear[]} years of one school */
  buildSchool(years) {
    return h(
      "section",
      { class: "sts-panel", "aria-label": `Bewaarde cijfers van ${years[0].school}` },
      h("h3", {}, years[0].school),
      h("ul", { class: "sts-stored-years" }, ...years.map((year) => this.buildYear(year))),
    );
  }

  /** @param {StoredYear} year */
  buildYear(year) {
    const which = `${year.school}, schooljaar ${year.school_year}`;
    const place = h("div", {});
    const longer = h("button", { type: "button", class: "sts-secondary", "aria-label": `Langer bewaren: ${which}`, "aria-expanded": "false" }, "Langer bewaren");
    const away = h("button", { type: "button", class: "sts-secondary", "aria-label": `Verwijderen: ${which}`, "aria-expanded": "false" }, "Verwijderen");
    const show = (/** @type {any} */ button, /** @type {any} */ panel) => {
      for (const one of [longer, away]) one.setAttribute("aria-expanded", String(one === button && Boolean(panel)));
      const near = h("div", { role: "status" });
      place.replaceChildren(...(panel ? [panel, near] : []));
      this.near = panel ? near : this.told;
      if (panel) panel.querySelector("input, h5").focus();
      else button.focus();
    };
    longer.addEventListener("click", () => show(longer, this.buildLonger(year, which, () => show(longer, null))));
    away.addEventListener("click", () => show(away, this.buildAway(year, which, () => show(away, null))));
    return h(
      "li",
      { "data-overdue": year.overdue || null },
      h("h4", {}, `Schooljaar ${year.school_year}`, year.overdue && h("span", { class: "sts-badge sts-stored-late" }, "over tijd")),
      h("p", {}, year.kept),
      h("p", { class: "sts-hint" }, `${year.counts}. ${year.versions}`),
      year.trouble && h("p", { class: "sts-message", "data-level": "warning" }, year.trouble),
      h("div", { class: "sts-stored-buttons" }, longer, away),
      place,
    );
  }

  /** @param {StoredYear} year @param {string} which @param {() => void} back */
  buildLonger(year, which, back) {
    const id = uniqueId("until");
    const until = h("input", { type: "text", id, inputmode: "numeric", autocomplete: "off", "aria-describedby": `${id}-hint`, value: year.proposed });
    const form = h(
      "form",
      { class: "sts-stored-panel", novalidate: true, "aria-label": `Langer bewaren: ${which}` },
      h("div", { class: "sts-field" }, h("label", { for: id }, "Bewaren tot en met"), h("p", { class: "sts-hint", id: `${id}-hint` }, "Schrijf de dag als dd/mm/jjjj."), until),
      h("div", { class: "sts-stored-buttons" }, h("button", { type: "submit", class: "sts-primary" }, "Deze dag bewaren"), h("button", { type: "button", class: "sts-link", onclick: back }, "Laten zoals het is")),
    );
    form.addEventListener("submit", (/** @type {any} */ event) => {
      event.preventDefault();
      this.model.send({ kind: "keep-longer", folder: year.folder, school_year: year.school_year, until: until.value });
    });
    return form;
  }

  /** @param {StoredYear} year @param {string} which @param {() => void} back */
  buildAway(year, which, back) {
    const sure = h("button", { type: "button", class: "sts-danger" }, "Ja, verwijder dit");
    sure.addEventListener("click", () => {
      sure.disabled = true;
      this.model.send({ kind: "remove-figures", folder: year.folder, school_year: year.school_year, seal: year.seal });
    });
    return h(
      "div",
      { class: "sts-stored-panel sts-stored-away", role: "group", "aria-label": `Verwijderen: ${which}` },
      h("h5", { tabindex: "-1" }, `Dit gaat weg van ${year.school}, en komt niet terug`),
      h("ul", {}, ...year.goes.map((line) => h("li", {}, line))),
      h("p", {}, year.stays),
      h("div", { class: "sts-stored-buttons" }, sure, h("button", { type: "button", class: "sts-link", onclick: back }, "Toch laten staan")),
    );
  }

  /** @param {string} level @param {string} text */
  tell(level, text) {
    const near = level === "good" || !this.near.isConnected ? this.told : this.near;
    this.told.replaceChildren();
    near.replaceChildren(h("div", { class: "sts-message", "data-level": level }, h("p", {}, text)));
    this.element.hidden = false;
    for (const button of this.element.querySelectorAll("button:disabled")) button.disabled = false;
    if (level === "good") this.goTo();
    else near.scrollIntoView({ block: "nearest" });
  }
}
