// @ts-check
// Figures that were pinned to a question, the focus or an action: what they said that day, and what the same count says now.

import { drawFigureTable } from "./card.js";
import { h } from "../dom.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

const PINS = "cijfer.";

/** @param {string} day ISO */
function dutchDay(day) {
  return day.split("-").reverse().join("/");
}

/** A small form below a figure: pin it to one of *targets*. @param {Page} page @param {any} card @param {{id: string, name: string}[]} targets */
export function buildPinner(page, card, targets) {
  const told = h("span", { class: "sts-hint", role: "status" });
  const select = h("select", { "aria-label": `Waarbij vastzetten: ${card.title}` });
  const draw = () => {
    const actions = page.link.rows("actie.").map((item) => ({ id: item, name: page.link.value(item, "what") || "actie zonder naam" }));
    const groups = [
      { name: "Hier", items: targets },
      { name: "Focus", items: page.focusItems().map((item) => ({ id: item, name: page.nameOf(item) })) },
      { name: "Acties", items: actions },
    ];
    select.replaceChildren(
      ...groups.filter((group) => group.items.length).map((group) => h("optgroup", { label: group.name }, ...group.items.map((one) => h("option", { value: one.id }, one.name)))),
    );
  };
  let waiting = false;
  const pin = () => {
    waiting = true;
    told.replaceChildren("Het cijfer wordt geteld…");
    page.link.send({ kind: "pin", origin: select.value, definition: card.definition, writer: page.link.writer });
  };
  page.binder.listen(page.link, "message", (event) => {
    const { kind, text } = event.detail;
    if (!waiting || !["pinned", "pin-refused"].includes(kind)) return;
    waiting = false;
    told.replaceChildren(kind === "pinned" ? "Vastgezet, met de waarde van vandaag." : text);
  });
  const details = h(
    "details",
    { class: "sts-pinner", ontoggle: draw },
    h("summary", {}, "Vastzetten"),
    h("p", { class: "sts-pin-line" }, h("label", {}, "Bij ", select), " ", h("button", { type: "button", class: "sts-secondary", onclick: pin }, "Zet dit cijfer vast"), " ", told),
  );
  return details;
}

/** What a page with pins can do. @typedef {Pick<Page, "link" | "binder" | "model" | "whenField" | "nameOf">} PinPage */

/** What was pinned to one of *origins* (null: to whatever); nothing where that is nothing. @param {PinPage} page @param {string[] | null} origins */
export function buildPins(page, origins) {
  const place = h("div", { class: "sts-pins" });
  const wanted = origins && new Set(origins);
  const draw = () => {
    const kept = new Map([...place.children].map((/** @type {any} */ element) => [element.dataset.pin, element]));
    const items = page.link.rows(PINS).filter((item) => (!wanted || wanted.has(page.link.value(item, "origin") ?? "")) && page.link.value(item, "shown"));
    place.replaceChildren(...items.map((item) => kept.get(item) ?? pinned(page, item)));
  };
  page.whenField((item) => item.startsWith(PINS), draw);
  draw();
  return place;
}

/** @param {PinPage} page @param {string} item */
function pinned(page, item) {
  const shown = page.link.value(item, "shown");
  const now = h("p", { class: "sts-pin-now", role: "status" });
  const draw = () => {
    const card = (page.model.get("asked") ?? {})[item];
    now.replaceChildren(card ? `Nu (${dutchDay(card.counted_on)}): ${card.title}` : "");
  };
  page.binder.follow(page.model, "change:asked", draw);
  draw();
  const origin = page.link.value(item, "origin");
  const ask = () => page.link.send({ kind: "ask", item, definition: page.link.value(item, "definition") });
  return h(
    "article",
    { class: "sts-pin", "data-pin": item, "aria-label": `Vastgezet cijfer: ${shown.title}` },
    h("p", {}, h("strong", {}, `Vastgezet op ${dutchDay(shown.counted_on)}`), ` bij: ${page.nameOf(origin)}`),
    h("p", {}, `Toen: ${shown.title}`),
    now,
    h("details", {}, h("summary", {}, "De waarden van toen"), drawFigureTable(shown)),
    h(
      "p",
      { class: "sts-buttons" },
      h("button", { type: "button", class: "sts-secondary", onclick: ask }, "Tel opnieuw"),
      h("button", { type: "button", class: "sts-link", "aria-label": `Losmaken: ${shown.title}`, onclick: () => page.link.change(item, "removed", true) }, "Losmaken"),
    ),
  );
}
