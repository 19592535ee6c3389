// @ts-check
// Pinning a figure from the page with all figures: first where it belongs, then to what.

import { h, uniqueId } from "../dom.js";

/** @typedef {import("../figures_page.js").FiguresView} View */

/** What a figure can be pinned to, in groups; the focus and the actions as they stand now. @param {View} page */
function pinPlaces(page) {
  const actions = page.link.rows("actie.").map((item) => ({ id: item, name: page.link.value(item, "what") || "actie zonder naam" }));
  const focuses = page.focusItems().map((item) => ({ id: item, name: page.nameOf(item) }));
  return [{ name: "Focus", items: focuses }, { name: "Acties", items: actions }, ...page.about.places].filter((place) => place.items.length);
}

/** @param {View} page @param {any} card */
export function buildPlacePinner(page, card) {
  const told = h("p", { class: "sts-hint", role: "status" });
  const where = h("select", { id: uniqueId("where"), onchange: () => fillItems() });
  const what = h("select", { id: uniqueId("what") });
  const button = h("button", { type: "button", class: "sts-secondary", onclick: () => pin() }, "Zet dit cijfer vast");
  /** @type {{name: string, items: {id: string, name: string}[]}[]} */
  let places = [];
  const fillItems = () => what.replaceChildren(...(places[Number(where.value)]?.items ?? []).map((one) => h("option", { value: one.id, title: one.name }, short(one.name))));
  const fill = () => {
    if (!details.open) return;
    places = pinPlaces(page);
    where.replaceChildren(...places.map((place, index) => h("option", { value: index }, place.name)));
    fillItems();
  };
  let waiting = "";
  const pin = () => {
    if (!what.value) return;
    waiting = what.value;
    button.disabled = true;
    told.replaceChildren("Het cijfer wordt geteld…");
    page.link.send({ kind: "pin", origin: what.value, definition: card.definition, writer: page.link.writer });
  };
  page.binder.listen(page.link, "message", (event) => {
    const { kind, text, origin } = event.detail;
    if (!waiting || origin !== waiting || !["pinned", "pin-refused"].includes(kind)) return;
    waiting = "";
    button.disabled = false;
    told.replaceChildren(kind === "pinned" ? `Vastgezet bij ‘${short(page.nameOf(origin))}’, met de waarde van vandaag. Het gaat mee in het archief.` : text);
  });
  const details = h(
    "details",
    { class: "sts-pinner", ontoggle: fill },
    h("summary", {}, "Vastzetten", h("span", { class: "sts-unseen" }, `: ${card.title}`)),
    h("p", { class: "sts-hint" }, "De omschrijving en de waarde van vandaag worden bewaard; volgende keer tellen we opnieuw."),
    h("div", { class: "sts-pin-choice" }, h("label", { for: where.id }, "Waar hoort het?"), where, h("label", { for: what.id }, "Bij welk onderdeel?"), what, button),
    told,
  );
  return details;
}

/** @param {string} text */
function short(text) {
  return text.length > 90 ? `${text.slice(0, 88)}…` : text;
}
