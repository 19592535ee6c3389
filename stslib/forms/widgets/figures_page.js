// @ts-check
// The figures of a school: bring in an export, then the figures in the order of a meeting, and what was pinned.

import { OWN_KEYS, h } from "./dom.js";
import { Binder } from "./fields/fields.js";
import { buildBring } from "./figures/bring.js";
import { buildFilters } from "./figures/filters.js";
import { FocusPart } from "./figures/focus.js";
import { FiguresPart } from "./figures/shown.js";
import { SignalsPart } from "./figures/signals.js";
import { savingLine, secondLine, waysLine, whereLine } from "./line/head.js";
import { historyLine } from "./line/history.js";
import { dropLink, linkOf } from "./line/link.js";
import { Steps } from "./line/steps.js";
import { buildPins } from "./pictures/pins.js";

export class FiguresView {
  /** @param {any} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.link = linkOf(model);
    this.binder = new Binder(this.link);
    this.about = model.get("about");
    /** @type {Record<string, string>} */
    this.filter = {};
    /** @type {Map<string, {card: any, round: number, ignores: string[]}>} The newest card of each figure. */
    this.cards = new Map();
    this.round = 0;
    this.counting = false;
    this.refused = "";
    /** @type {{draw: () => void, leave?: () => void}[]} */
    this.parts = [];
    this.steps = new Steps("Cijfers van de school", { left: () => this.leave(), opened: (id) => this.opened(id) });
    /** @type {{test: (item: string, field: string) => boolean, run: () => void}[]} */
    this.followers = [];
    this.root = h("div", { class: "sts sts-figures-page", ...OWN_KEYS });
    el.append(this.root);
    this.build();
    this.binder.listen(this.link, "field", (event) => {
      for (const follower of this.followers) if (follower.test(event.detail.item, event.detail.field)) follower.run();
    });
    this.binder.listen(this.link, "message", (event) => this.receive(event.detail));
    this.binder.follow(model, "change:stored", () => this.follow());
    this.follow();
    this.steps.open(this.steps.asked() || (this.isStored() ? this.about.parts[0].id : "inbrengen"), false);
  }

  /** What may only be seen in its own step goes. */
  leave() {
    for (const one of this.parts) one.leave?.();
  }

  close() {
    this.leave();
    this.measure?.disconnect();
    this.binder.close();
  }

  build() {
    this.steps.add("inbrengen", "Inbrengen", "een export", (panel) => buildBring(this, panel));
    for (const part of this.about.parts) this.steps.add(part.id, part.name, part.short, (panel) => this.buildPart(part, panel));
    this.steps.add("vastgezet", "Vastgezet", "wat meegaat", (panel) => this.buildPinned(panel));
    const bar = h("div", { class: "sts-bar" }, h("div", { class: "sts-bar-line" }, whereLine(this.about), savingLine(this.binder)), secondLine(waysLine(this.about.ways, "cijfers"), historyLine(this)), this.steps.nav);
    this.progress = h("progress", { max: 1, value: 0, hidden: true, "aria-label": "Hoeveel figuren geteld zijn" });
    this.told = h("p", { class: "sts-unseen", role: "status" });
    this.above = h("div", { class: "sts-above", hidden: true }, buildFilters(this, () => this.count()), this.progress, this.told);
    this.root.append(bar, this.above, this.steps.panels);
    // On the document too: its scroll padding keeps what gets the focus from under the bar.
    this.measure = new ResizeObserver(() => {
      for (const element of [this.root, document.documentElement]) element.style.setProperty("--sts-bar", `${bar.offsetHeight}px`);
    });
    this.measure.observe(bar);
  }

  /** @param {any} part @param {any} panel */
  buildPart(part, panel) {
    if (part.kind === "signals") this.parts.push(new SignalsPart(this, part, panel));
    else if (part.kind === "focus") this.parts.push(new FocusPart(this, part, panel));
    else this.parts.push(new FiguresPart(this, part, panel));
  }

  /** @param {any} panel */
  buildPinned(panel) {
    const none = h("p", { class: "sts-empty" }, "Er is nog geen cijfer vastgezet. Onder elke figuur staat ‘Vastzetten’: bij een vraag, bij de focus of bij een actie.");
    const pins = buildPins(this, null);
    const draw = () => (none.hidden = pins.childElementCount > 0);
    this.whenField((item) => item.startsWith("cijfer."), draw);
    draw();
    panel.append(
      h("h2", {}, "Vastgezette cijfers"),
      h("p", { class: "sts-intro" }, "Van elk vastgezet cijfer blijft bewaard hoe het geteld is en wat het die dag zei. Op de opvolging staat volgende keer wat het dan zegt."),
      none,
      pins,
    );
  }

  /** @param {string} id */
  open(id, byPerson = true) {
    this.steps.open(id, byPerson);
  }

  /** @param {string} id */
  opened(id) {
    const part = this.about.parts.find((/** @type {any} */ one) => one.id === id);
    this.above.hidden = part?.kind !== "figures" || !this.isStored();
    this.drawParts();
    if (part?.kind === "figures" && this.isStored() && !this.round) this.count();
  }

  isStored() {
    return (this.model.get("stored") ?? []).length > 0;
  }

  /** What is kept came or changed: count afresh. */
  follow() {
    const part = this.about.parts.find((/** @type {any} */ one) => one.id === this.steps.current);
    this.above.hidden = part?.kind !== "figures" || !this.isStored();
    if (this.round || part?.kind === "figures") this.count();
    else this.drawParts();
  }

  // -- counting ----------------------------------------------------------------------------------------------------------------

  count() {
    if (!this.isStored()) return this.drawParts();
    this.round += 1;
    this.counting = true;
    this.refused = "";
    this.progress.value = 0;
    this.progress.hidden = false;
    this.told.replaceChildren("De figuren worden geteld…");
    this.link.send({ kind: "figures", round: this.round, filter: this.filter, first: this.steps.current });
    this.drawParts();
  }

  drawParts() {
    for (const part of this.parts) part.draw();
  }

  /** @param {any} message */
  receive(message) {
    if (message.round !== this.round) return;
    if (message.kind === "card") {
      this.cards.set(message.figure, { card: message.card, round: this.round, ignores: message.ignores });
      this.progress.value = message.share;
      this.drawParts();
    } else if (message.kind === "figures-done") {
      this.counting = false;
      this.progress.hidden = true;
      this.refused = message.refused ?? "";
      for (const [id, found] of this.cards) if (found.round !== this.round) this.cards.delete(id);
      this.told.replaceChildren(this.refused || "Alle figuren staan klaar.");
      this.drawParts();
    }
  }

  // -- the chain ---------------------------------------------------------------------------------------------------------------

  /** Call *run* whenever a field changes that *test* is true of. @param {(item: string, field: string) => boolean} test @param {() => void} run */
  whenField(test, run) {
    this.followers.push({ test, run });
  }

  /** @returns {string[]} */
  focusItems() {
    return this.about.focuses.flatMap((/** @type {string} */ block) => this.link.rows(`${block}.`));
  }

  /** What an id points at, in words. @param {string} item @returns {string} */
  nameOf(item) {
    const known = this.about.places.flatMap((/** @type {any} */ place) => place.items).find((/** @type {any} */ one) => one.id === item);
    const parts = known ? [known.name] : ["group", "problem", "what"].map((field) => this.link.value(item, field)).filter(Boolean);
    return parts.join(": ") || this.about.names[item] || "nog zonder naam";
  }
}

export default {
  /** @param {{model: any}} context */
  initialize({ model }) {
    const link = linkOf(model);
    return () => dropLink(link);
  },
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const view = new FiguresView(model, el);
    return () => view.close();
  },
};
