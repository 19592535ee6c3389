// @ts-check
// An instrument as a page: a stepper, a phase per step (built when first opened), the overview, and the closing of the session.

import { buildOverview } from "./phases/actions.js";
import { drawCard } from "./pictures/card.js";
import { Closing } from "./phases/closing.js";
import { OWN_KEYS, h, uniqueId } from "./dom.js";
import { Binder } from "./fields/fields.js";
import { savingLine, secondLine, waysLine, whereLine } from "./line/head.js";
import { historyLine } from "./line/history.js";
import { dropLink, linkOf } from "./line/link.js";
import { buildOrphans, buildPhase } from "./phases/phase.js";
import { drawPictures } from "./pictures/scores.js";
import { wayToFigures } from "./pictures/asked.js";
import { buildPinner } from "./pictures/pins.js";

export class SessionPage {
  /** @param {any} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.link = linkOf(model);
    this.binder = new Binder(this.link);
    this.instrument = model.get("instrument");
    this.about = model.get("about");
    this.root = h("div", { class: "sts", ...OWN_KEYS });
    this.tableOpen = false; // the table below the radar
    /** @type {Map<string, {button: any, panel: any, build: () => void, built: boolean}>} */
    this.steps = new Map();
    /** @type {Map<string, any>} The objective of a section; sections of a phase itself have none. */
    this.objectiveOf = new Map();
    /** @type {Map<string, string>} What the parts of this instrument are called. */
    this.ownNames = new Map();
    for (const section of this.instrument.phases.flatMap((/** @type {any} */ phase) => this.allSections(phase))) {
      this.ownNames.set(section.id, section.title);
      for (const question of section.questions) this.ownNames.set(question.id, question.text);
      for (const scale of section.scales) this.ownNames.set(scale.id, scaleName(this.instrument, section, scale));
    }
    for (const objective of this.objectives()) this.ownNames.set(objective.id, objective.title);
    for (const objective of this.objectives()) for (const section of objective.sections) this.objectiveOf.set(section.id, objective);
    /** @type {{test: (item: string, field: string) => boolean, run: () => void}[]} */
    this.followers = [];
    el.append(this.root);
    this.build();
    this.binder.listen(this.link, "field", (event) => this.followField(event.detail));
    this.figuresRefused = "";
    this.binder.listen(this.link, "message", ({ detail }) => {
      if (detail.kind !== "figures-refused") return;
      this.figuresRefused = detail.text;
      this.drawFigures();
    });
    this.binder.follow(model, "change:figures", () => this.drawFigures());
    this.binder.follow(model, "change:stored", () => this.drawFigures());
    this.open(this.firstStep(), false);
  }

  close() {
    this.measure?.disconnect();
    this.binder.close();
  }

  // -- frame -------------------------------------------------------------------------------------------------------------------

  build() {
    this.list = h("ol", { class: "sts-steps" });
    this.panels = h("div", {});
    const { phases, layout } = this.instrument;
    if (layout === "blad") {
      this.addStep("blad", this.instrument.short, this.instrument.title, null, (panel) => {
        panel.classList.add("sts-compact");
        panel.append(h("p", { class: "sts-intro" }, this.instrument.intro));
        for (const phase of phases) buildPhase(this, phase, panel.appendChild(h("section", { "data-phase-part": phase.id })));
      });
    } else {
      for (const phase of phases) this.addStep(stepOf(phase), phase.name, phase.title, phase, (panel) => buildPhase(this, phase, panel));
    }
    if (this.objectives().length) this.addStep("overzicht", "Overzicht", "wat, wie, wanneer, check", null, (panel) => buildOverview(this, panel));
    if (this.about.orphans.length) this.addStep("vroeger", "Vroeger", "vragen van een oudere versie", null, (panel) => buildOrphans(this, panel));
    this.addStep("afsluiten", "Afsluiten", "bewaren als archief", null, (panel) => new Closing(this, panel));
    const bar = h(
      "div",
      { class: "sts-bar" },
      h("div", { class: "sts-bar-line" }, whereLine(this.about), savingLine(this.binder)),
      secondLine(waysLine(this.about.ways ?? [], this.instrument.id), historyLine({ binder: this.binder, root: this.root, nameOf: (item) => this.ownNames.get(item) ?? "" })),
      h("nav", { "aria-label": `Stappen van: ${this.instrument.title}` }, this.list),
    );
    const warning = this.about.warning && h("div", { class: "sts-message", "data-level": "warning", role: "status" }, h("p", {}, this.about.warning));
    this.root.append(bar, ...(warning ? [warning] : []), this.panels);
    // On the document too: its scroll padding keeps what gets the focus from under the bar.
    this.measure = new ResizeObserver(() => {
      for (const element of [this.root, document.documentElement]) element.style.setProperty("--sts-bar", `${bar.offsetHeight}px`);
    });
    this.measure.observe(bar);
    phases.forEach((/** @type {any} */ phase) => this.drawCount(phase));
  }

  /** @param {string} id @param {string} name @param {string} title @param {any} phase @param {(panel: any) => void} build */
  addStep(id, name, title, phase, build) {
    const panelId = uniqueId("step");
    const count = phase && h("span", { class: "sts-count", "data-phase": phase.id });
    const button = h(
      "button",
      { type: "button", "aria-controls": panelId, onclick: () => this.open(id, true) },
      h("span", { class: "sts-step-name" }, name, count),
      h("span", { class: "sts-step-title" }, title),
    );
    const panel = h("section", { class: "sts-step", id: panelId, hidden: true, "data-step": id });
    this.list.append(h("li", {}, button));
    this.panels.append(panel);
    this.steps.set(id, { button, panel, built: false, build: () => build(panel) });
  }

  firstStep() {
    const wanted = location.hash.slice(1);
    return this.steps.has(wanted) ? wanted : [...this.steps.keys()][0];
  }

  /** @param {string} id @param {boolean} byPerson */
  open(id, byPerson) {
    for (const [name, step] of this.steps) {
      const chosen = name === id;
      step.panel.hidden = !chosen;
      if (chosen) step.button.setAttribute("aria-current", "step");
      else step.button.removeAttribute("aria-current");
      if (chosen && !step.built) {
        step.built = true;
        step.build();
        this.drawFigures();
      }
    }
    this.current = id;
    if (!byPerson) return;
    if (document.body.dataset.voila) history.replaceState(null, "", `#${id}`);
    const heading = this.steps.get(id)?.panel.querySelector("h2");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    this.root.scrollIntoView({ block: "start" });
  }

  /** The panel that a phase stands in, once it is built. @param {any} phase @returns {any} */
  panelOf(phase) {
    const step = this.steps.get(this.instrument.layout === "blad" ? "blad" : stepOf(phase));
    return step?.built ? (step.panel.querySelector(`[data-phase-part="${CSS.escape(phase.id)}"]`) ?? step.panel) : null;
  }

  // -- what applies, progress --------------------------------------------------------------------------------------------------

  /** @returns {any[]} */
  objectives() {
    return this.instrument.phases.flatMap((/** @type {any} */ phase) => phase.objectives);
  }

  /** @param {any} section */
  applies(section) {
    const objective = this.objectiveOf.get(section.id);
    for (const part of objective ? [section, objective] : [section]) {
      const ticked = this.link.value(part.id, "applicable");
      if (ticked === false || (ticked === null && !part.applies)) return false;
    }
    return true;
  }

  /** Every section of a phase. @param {any} phase @returns {any[]} */
  allSections(phase) {
    return [...phase.objectives.flatMap((/** @type {any} */ objective) => objective.sections), ...phase.themes];
  }

  /** The sections of a phase that apply. @param {any} phase @returns {any[]} */
  sections(phase) {
    return this.allSections(phase).filter((section) => this.applies(section));
  }

  /** How far a phase is: scales where it has them, else questions. @param {any} phase */
  drawCount(phase) {
    const place = this.root.querySelector(`[data-phase="${CSS.escape(phase.id)}"]`);
    if (!place) return;
    const sections = this.sections(phase);
    const scales = sections.flatMap((section) => section.scales);
    const questions = sections.flatMap((section) => section.questions);
    const done = scales.length
      ? scales.filter((scale) => this.link.value(scale.id, "score") !== null).length
      : questions.filter((question) => String(this.link.value(question.id, "answer") ?? "").trim()).length;
    const all = scales.length || questions.length;
    const what = scales.length ? "ingeschaald" : "besproken";
    if (!all) return;
    place.replaceChildren(h("span", { "aria-hidden": "true" }, `${done === all ? "✓ " : ""}${done}/${all}`), h("span", { class: "sts-unseen" }, ` ${done} van ${all} ${what}`));
    const button = place.closest("button");
    button.style.setProperty("--sts-done", String(done / all));
    button.dataset.done = done === all ? "all" : done ? "some" : "none";
  }

  /** @param {{item: string, field: string}} changed */
  followField({ item, field }) {
    if (["score", "target", "applicable", "answer"].includes(field)) {
      const phase = this.instrument.phases.find((/** @type {any} */ one) => item.startsWith(`${one.id}.`));
      if (phase) {
        this.drawCount(phase);
        if (field !== "answer") drawPictures(this, phase);
      }
    }
    for (const follower of this.followers) if (follower.test(item, field)) follower.run();
    if (field === "applicable") this.root.querySelectorAll("[data-applies]").forEach((/** @type {any} */ element) => element.dispatchEvent(new Event("sts:applies")));
  }

  /** Call *run* whenever a field changes that *test* is true of. @param {(item: string, field: string) => boolean} test @param {() => void} run */
  whenField(test, run) {
    this.followers.push({ test, run });
  }

  // -- the chain ---------------------------------------------------------------------------------------------------------------

  /** The candidates for the focus, on whatever instrument they stand. @returns {string[]} */
  focusItems() {
    return this.about.focuses.flatMap((/** @type {string} */ block) => this.link.rows(`${block}.`));
  }

  /** @returns {string | undefined} */
  chosenFocus() {
    return this.focusItems().find((item) => this.link.value(item, "chosen") === true);
  }

  /** What an id points at, in words. @param {string} item @returns {string} */
  nameOf(item) {
    const known = this.about.origins.flatMap((/** @type {any} */ group) => group.items).find((/** @type {any} */ one) => one.id === item);
    const own = this.ownNames.get(item);
    const parts = known || own ? [known?.name ?? own] : ["group", "problem", "what"].map((field) => this.link.value(item, field)).filter(Boolean);
    return parts.join(": ") || this.about.names[item] || "nog zonder naam";
  }

  /** The step in which actions are planned, where this instrument has one. @returns {string} */
  planStep() {
    const plans = (/** @type {any} */ phase) => this.allSections(phase).some((section) => section.blocks.some((/** @type {any} */ block) => block.kind === "acties" && block.view === "plan"));
    const phase = this.instrument.phases.find(plans);
    return phase ? stepOf(phase) : "";
  }

  /** What an action can belong to, in groups: the focus, then the parts of each instrument. @returns {{name: string, items: {id: string, name: string}[]}[]} */
  origins() {
    const focuses = this.focusItems().map((item) => ({ id: item, name: this.nameOf(item) }));
    return [...(focuses.length ? [{ name: "Focus", items: focuses }] : []), ...this.about.origins];
  }

  // -- figures -----------------------------------------------------------------------------------------------------------------

  /** What stands where a figure will come, or could come. */
  withoutFigures() {
    if (this.figuresRefused) return h("p", { class: "sts-empty" }, this.figuresRefused);
    if (this.model.get("stored") !== false) return h("p", { class: "sts-empty" }, "De cijfers van jullie school worden opgezocht…");
    return h("p", { class: "sts-empty" }, "Hier horen cijfers van jullie eigen school. ", wayToFigures(this.about));
  }

  /** The way to pin a figure that stands in a section. @param {any} place @param {any} card */
  pinner(place, card) {
    const id = place.closest("[data-section]")?.dataset.section;
    const section = this.instrument.phases.flatMap((/** @type {any} */ phase) => this.allSections(phase)).find((/** @type {any} */ one) => one.id === id);
    if (!section || !card.definition?.figure) return null;
    const questions = section.questions.map((/** @type {any} */ question) => ({ id: question.id, name: question.text }));
    return buildPinner(this, card, [{ id: section.id, name: section.title }, ...questions]);
  }

  drawFigures() {
    /** @type {import("./pictures/card.js").Card[]} */
    const cards = this.model.get("figures");
    this.root.querySelectorAll(".sts-figures").forEach((/** @type {any} */ place) => {
      const wanted = place.dataset.figures.split(" ").filter(Boolean);
      const found = wanted.map((/** @type {string} */ id) => cards.find((card) => card.id === id)).filter(Boolean);
      const mark = (/** @type {any} */ card) => `${card.id}|${card.counted_on}|${card.title}`;
      const standing = new Map([...place.querySelectorAll("figure")].map((figure) => [figure.dataset.mark, figure]));
      const figures = found.map((/** @type {any} */ card) => {
        const figure = standing.get(mark(card)) ?? drawCard(card, this.pinner(place, card));
        figure.dataset.mark = mark(card);
        return figure;
      });
      // Figures come one by one: those that stand stay untouched, opened explanations and all.
      if (figures.length && [...place.children].every((child, index) => child === figures[index])) {
        place.append(...figures.slice(place.children.length));
      } else if (figures.length) place.replaceChildren(...figures);
      else if (wanted.length) place.replaceChildren(this.withoutFigures());
    });
  }
}

/** What a scale is called where it stands alone: with its aspect where a section has several. @param {any} instrument @param {any} section @param {any} scale @returns {string} */
function scaleName(instrument, section, scale) {
  return section.scales.length > 1 ? `${scale.label}, ${instrument.aspects[scale.aspect].toLowerCase()}` : scale.label;
}

/** @param {any} phase */
export function stepOf(phase) {
  return `fase-${phase.number}`;
}

export default {
  /** @param {{model: any}} context */
  initialize({ model }) {
    const link = linkOf(model);
    return () => dropLink(link);
  },
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const page = new SessionPage(model, el);
    return () => page.close();
  },
};
