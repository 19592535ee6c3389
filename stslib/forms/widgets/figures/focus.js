// @ts-check
// Parts of the absence that a team could work on, each with why; a person takes one over as a candidate for the focus.

import { h, randomHex } from "../dom.js";

/** @typedef {import("../figures_page.js").FiguresView} View */
/** @typedef {{title: string, why: string, facts: string[][], dimension: string, value: string, status: string}} FoundCandidate */

/** The candidates that the figures show. They follow the school year only: each is a choice of group and kind by itself. */
export class FocusPart {
  /** @param {View} page @param {any} part @param {any} panel */
  constructor(page, part, panel) {
    this.page = page;
    this.asked = "";
    this.told = h("p", { class: "sts-hint", role: "status" });
    this.list = h("div", { class: "sts-found-candidates" });
    panel.append(h("h2", {}, part.title), h("p", { class: "sts-intro" }, part.question), this.told, this.list);
    page.binder.listen(page.link, "message", ({ detail }) => {
      if (detail.round !== this.asked) return;
      if (detail.kind === "focus") this.show(detail);
      else if (detail.kind === "focus-refused") this.told.replaceChildren(`${detail.fact} ${detail.remedy}`);
    });
    this.draw();
  }

  draw() {
    const { page } = this;
    if (page.steps.current !== "focus") return;
    const round = `${page.filter.school_year} ${page.model.get("stored")?.map((/** @type {any} */ one) => one.told)}`;
    if (!page.isStored()) return this.told.replaceChildren("Hier komen kandidaten zodra er cijfers zijn.");
    if (round === this.asked) return;
    this.asked = round;
    this.told.replaceChildren("De kandidaten worden gezocht…");
    page.link.send({ kind: "focus", round, school_year: page.filter.school_year });
  }

  /** @param {{candidates: FoundCandidate[], school_year: string}} found */
  show(found) {
    this.told.replaceChildren(found.candidates.length ? `Uit de cijfers van ${found.school_year}, met de meeste redenen eerst. Groepen van minder dan 5 leerlingen staan er niet bij.` : "Er is geen deel van de school groot genoeg om als kandidaat te tonen.");
    this.list.replaceChildren(...found.candidates.map((one, index) => this.candidate(one, index + 1)));
  }

  /** @param {FoundCandidate} one @param {number} number */
  candidate(one, number) {
    const [block] = this.page.about.focuses;
    const told = h("span", { class: "sts-hint", role: "status" });
    const take = h("button", { type: "button", class: "sts-secondary", "aria-label": `Overnemen als kandidaat voor de focus: ${one.title}` }, "Overnemen als kandidaat");
    take.addEventListener("click", () => {
      const item = `${block}.${randomHex(8)}`;
      const fields = { group: one.title, reason: one.why, dimension: one.dimension, value: one.value, status: one.status };
      for (const [field, value] of Object.entries(fields)) if (value) this.page.link.change(item, field, value);
      take.disabled = true;
      told.replaceChildren("Staat nu bij de kandidaten in de fiche voor de school, fase 2.");
    });
    return h(
      "article",
      { class: "sts-panel sts-found-candidate" },
      h("h3", {}, `${number}. ${one.title}`),
      h("p", {}, one.why),
      h("dl", {}, ...one.facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      block && h("p", { class: "sts-buttons" }, take, told),
    );
  }
}
