// @ts-check
// The figures of one part of the conversation: a sentence, the picture with the same values beside it, and why.

import { h } from "../dom.js";
import { drawFigureTable } from "../pictures/card.js";
import { buildPlacePinner } from "./pinner.js";

const SHORT_CELL = 18; // signs

/** @typedef {import("../figures_page.js").FiguresView} View */

/** @param {View} page @param {any} card @param {string[]} ignores what of the filters the figure does not follow */
export function drawBigCard(page, card, ignores) {
  const provisional = card.why.some((/** @type {any} */ line) => line.label === "Voorlopig");
  const empty = !card.rows.length;
  const table = drawFigureTable(card);
  // A number or a span of days in a narrow column stays on its line; a sentence may wrap.
  for (const cell of table.querySelectorAll("tbody td, tbody th")) cell.toggleAttribute("data-short", cell.textContent.length <= SHORT_CELL);
  return h(
    "figure",
    { class: "sts-card sts-big", "data-figure": card.id },
    h("figcaption", {}, card.title, provisional && h("span", { class: "sts-badge sts-provisional" }, "deels voorlopig")),
    ignores.length > 0 && h("p", { class: "sts-hint sts-ignores" }, `Deze figuur houdt geen rekening met ${ignores.join(" en ")}.`),
    h(
      "div",
      { class: card.png ? "sts-big-body" : "" },
      card.png && h("img", { src: `data:image/png;base64,${card.png}`, alt: card.alt }),
      h(
        "div",
        { class: "sts-big-side" },
        !empty && table,
        card.why.length > 0 &&
          h(
            "details",
            { class: "sts-why" },
            h("summary", {}, "Waarom dit getal?", h("span", { class: "sts-unseen" }, ` ${card.title}`)),
            h("dl", {}, ...card.why.flatMap((/** @type {any} */ line) => [h("dt", {}, line.label), h("dd", {}, line.text)])),
          ),
        card.definition?.figure && !empty && buildPlacePinner(page, card),
      ),
    ),
  );
}

/** One part: its heading, the question it answers, and a place for each of its figures. */
export class FiguresPart {
  /** @param {View} page @param {any} part @param {any} panel */
  constructor(page, part, panel) {
    this.page = page;
    this.part = part;
    this.cards = h("div", { class: "sts-big-cards" });
    this.none = h("p", { class: "sts-empty", hidden: true });
    panel.append(h("h2", {}, part.title), h("p", { class: "sts-intro" }, part.question), this.none, this.cards, ...(part.figures.includes("thresholds") ? [referenceFigures(page.about.references)] : []));
    this.draw();
  }

  /** Figures that stand stay until the same one of a new count comes: nothing jumps away under an eye. */
  draw() {
    const { page, part } = this;
    const stored = page.model.get("stored");
    this.none.hidden = !(stored && !stored.length) && !page.refused;
    this.none.replaceChildren(page.refused || "Hier komen cijfers van jullie eigen school, zodra die er zijn. ", !page.refused && h("button", { type: "button", class: "sts-link", onclick: () => page.open("inbrengen", true) }, "Breng een export in"));
    const standing = new Map([...this.cards.children].map((/** @type {any} */ one) => [one.dataset.key, one]));
    const wanted = stored?.length && !page.refused ? part.figures.map((/** @type {string} */ id) => this.cardOf(id, standing.get(id))).filter(Boolean) : [];
    if (wanted.length === this.cards.children.length && wanted.every((/** @type {any} */ one, /** @type {number} */ index) => one === this.cards.children[index])) return;
    this.cards.replaceChildren(...wanted);
  }

  /** @param {string} id @param {any} standing */
  cardOf(id, standing) {
    const found = this.page.cards.get(id);
    if (found && standing?.shown === found) {
      standing.toggleAttribute("data-old", this.page.counting && found.round !== this.page.round);
      return standing;
    }
    if (!found) return this.page.counting ? (standing?.waits ? standing : this.waiting(id)) : null;
    const element = drawBigCard(this.page, found.card, found.ignores);
    element.dataset.key = id;
    element.shown = found;
    return element;
  }

  /** @param {string} id */
  waiting(id) {
    const element = h("div", { class: "sts-card sts-waiting", "data-key": id }, "Deze figuur wordt geteld…");
    element.waits = true;
    return element;
  }
}

/** Published figures for Flanders: dated context with a source, and no norm. @param {{text: string, rule: string, note: string, source: string}[]} references */
function referenceFigures(references) {
  if (!references.length) return "";
  return h(
    "details",
    { class: "sts-panel sts-references" },
    h("summary", {}, "Cijfers over Vlaanderen, als context"),
    h("p", { class: "sts-hint" }, "Geen norm: een school met andere leerlingen, een andere manier van noteren of een ander jaar is er niet zomaar mee te vergelijken."),
    h("ul", {}, ...references.map((one) => h("li", {}, h("strong", {}, one.text), ` ${one.rule}. ${one.note} `, h("small", {}, `Bron: ${one.source}.`)))),
  );
}
