// @ts-check
// Candidates for the focus side by side, each weighed by the guidelines beside what the figures say; a person chooses one.

import { askedFigure, groupPicker } from "../pictures/asked.js";
import { h, uniqueId } from "../dom.js";
import { RowList, firstWords } from "../fields/rows.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

const FOCUS_TEXTS = [
  { field: "group", label: "Doelgroep", hint: "Over welke leerlingen gaat het? Een groep, geen namen." },
  { field: "problem", label: "Probleem", hint: "Wat loopt er moeilijk? Eén of twee zinnen." },
  { field: "impact", label: "Ruimte voor impact", hint: "Waar kunnen jullie als school zelf iets aan veranderen?" },
];

const WEIGHTS = [
  { id: "yes", label: "ja" },
  { id: "partly", label: "deels" },
  { id: "no", label: "nee" },
  { id: "unknown", label: "weten we niet" },
];

const FOCUS_STATUSES = [
  { id: "all", label: "alle afwezigheid" },
  { id: "unlawful", label: "ongewettigd" },
  { id: "lawful", label: "gewettigd" },
  { id: "late", label: "te laat" },
];

/** The items of a page that are chosen as focus and were not removed. @param {Page} page @param {string} [prefix] @returns {string[]} */
export function chosenItems(page, prefix = "") {
  const found = [];
  for (const [key, known] of page.link.fields) {
    if (known.value !== true || !key.endsWith("::chosen") || !key.startsWith(prefix)) continue;
    const item = key.slice(0, -"::chosen".length);
    if (page.link.value(item, "removed") !== true) found.push(item);
  }
  return found;
}

/** "2 keer ja, 1 keer deels, nog 2 te wegen": never a total. @param {Page} page @param {any} block @param {string} item */
function weighed(page, block, item) {
  const given = block.guidelines.map((/** @type {any} */ guideline) => page.link.value(item, guideline.id));
  const parts = WEIGHTS.map(({ id, label }) => {
    const times = given.filter((/** @type {any} */ value) => value === id).length;
    return times ? `${times} keer ${label}` : "";
  }).filter(Boolean);
  const open = given.filter((/** @type {any} */ value) => !WEIGHTS.some((weight) => weight.id === value)).length;
  if (open === given.length) return "Nog niet gewogen.";
  return `${parts.join(", ")}${open ? `; nog ${open} te wegen` : ""}.`;
}

/** @param {Page} page @param {any} block */
export function buildFocus(page, block) {
  const place = h("div", { class: "sts-candidates" });
  place.style.setProperty("--sts-candidate-rows", String(block.guidelines.length + 9));
  const empty = h("p", { class: "sts-empty" }, "Er staat nog geen kandidaat. Voeg er een paar toe, weeg ze naast elkaar en kies er dan één.");
  const numberOf = (/** @type {string} */ item) => list.everyItem().indexOf(item) + 1;
  const list = new RowList(page, block.id, place, {
    tag: "article",
    cells: (item) => candidateParts(page, block, item, numberOf(item), list),
    name: (item) => firstWords(page.link.value(item, "group"), `kandidaat ${numberOf(item)}`),
    drawn: () => {
      empty.hidden = place.children.length > 0;
    },
  });
  list.draw();
  const add = h("button", { type: "button", class: "sts-secondary", onclick: () => list.add("group", "") }, "Kandidaat toevoegen");
  return h("div", {}, empty, place, h("p", { class: "sts-block-add" }, add), chosenPart(page, block));
}

/** What stands in one candidate, always as many parts, so that the parts of neighbours line up. @param {Page} page @param {any} block @param {string} item @param {number} number @param {RowList} list */
function candidateParts(page, block, item, number, list) {
  const { binder, link } = page;
  const name = `kandidaat ${number}`;
  const about = `(${name})`;
  const badge = h("span", { class: "sts-focus-badge" }, "onze focus");
  const remove = list.removeButton(item);
  remove.setAttribute("aria-label", `Weghalen: ${name}`);
  const counts = h("p", { class: "sts-weighed" });
  const choose = h("button", { type: "button" });
  choose.addEventListener("click", () => {
    if (link.value(item, "chosen") === true) link.change(item, "chosen", null);
    else chooseFocus(page, list, item);
  });
  binder.watch(item, "chosen", () => {
    const chosen = link.value(item, "chosen") === true;
    badge.hidden = !chosen;
    choose.className = chosen ? "sts-link" : "sts-primary";
    choose.textContent = chosen ? "Toch niet deze focus" : "Dit is onze focus";
    choose.setAttribute("aria-label", `${choose.textContent}: ${name}`);
    queueMicrotask(() => badge.closest("article")?.toggleAttribute("data-chosen", link.value(item, "chosen") === true)); // it may still be in the making
  });
  for (const guideline of block.guidelines) binder.watch(item, guideline.id, () => counts.replaceChildren(weighed(page, block, item)));
  const definition = () => {
    const dimension = link.value(item, "dimension");
    return dimension ? { figure: "reach", dimension, value: link.value(item, "value") ?? "", status: link.value(item, "status") || "all" } : null;
  };
  return [
    h("header", { class: "sts-candidate-head" }, h("h5", {}, `Kandidaat ${number}`, " ", badge), remove),
    ...FOCUS_TEXTS.map((text) => binder.textArea({ item, ...text, about })),
    ...block.guidelines.map((/** @type {any} */ guideline) =>
      binder.choice({ item, field: guideline.id, label: guideline.title, hint: guideline.text, options: WEIGHTS, about, empty: "–", small: true }),
    ),
    counts,
    h(
      "div",
      { class: "sts-candidate-figure", role: "group", "aria-label": `Wat zeggen de cijfers? (${name})` },
      h("p", { class: "sts-candidate-ask" }, "Wat zeggen de cijfers?"),
      groupPicker(page, { item, label: "Groep", about, none: "kies een groep" }),
      binder.select({ item, field: "status", label: "Welke afwezigheid", options: FOCUS_STATUSES.slice(1), about, empty: FOCUS_STATUSES[0].label }),
    ),
    askedFigure(page, { item, watched: ["dimension", "value", "status"], definition, hint: "Kies een groep: dan staat hier hoeveel leerlingen het zijn en wat zij van de afwezigheid dragen." }),
    binder.textArea({ item, field: "reason", label: "Waarom wel of niet?", about }),
    h("p", { class: "sts-candidate-choose" }, choose),
  ];
}

/** One is chosen, the others are not. @param {Page} page @param {RowList} list @param {string} item */
function chooseFocus(page, list, item) {
  for (const other of list.everyItem()) {
    if (other !== item && page.link.value(other, "chosen") === true) page.link.change(other, "chosen", null);
  }
  page.link.change(item, "chosen", true);
}

/** The chosen focus as one sentence, and what was agreed about it. @param {Page} page @param {any} block */
function chosenPart(page, block) {
  const id = uniqueId("chosen");
  const place = h("div", {});
  const draw = () => place.replaceChildren(...chosenText(page, block));
  page.binder.listen(page.link, "field", (event) => {
    if (event.detail.item.startsWith(`${block.id}.`)) draw();
  });
  draw();
  return h(
    "section",
    { class: "sts-chosen", "aria-labelledby": id },
    h("h5", { id }, "Gekozen"),
    place,
    h("div", { class: "sts-fields" }, ...block.agreement.map((/** @type {any} */ field) => page.binder.formField(block.id, field, "(gekozen focus)"))),
  );
}

/** @param {Page} page @param {any} block @returns {any[]} */
function chosenText(page, block) {
  const chosen = chosenItems(page, `${block.id}.`);
  if (chosen.length === 0) return [h("p", { class: "sts-hint" }, "Nog niet gekozen. Kies bij een kandidaat “Dit is onze focus”.")];
  const several = chosen.length > 1 && h("p", { class: "sts-message", "data-level": "warning" }, `Er zijn er nu ${chosen.length} gekozen, misschien in twee vensters. Kies er één.`);
  return [several, ...chosen.map((item) => focusSentence(page, item))].filter(Boolean);
}

/** Target group, what is going on, room for impact, as one block. @param {Page} page @param {string} item */
export function focusSentence(page, item) {
  const text = (/** @type {string} */ field, /** @type {string} */ otherwise) => {
    const typed = String(page.link.value(item, field) ?? "").trim();
    return h("span", { dir: "auto", class: typed ? "" : "sts-still-open" }, typed || otherwise);
  };
  const reason = String(page.link.value(item, "reason") ?? "").trim();
  return h(
    "div",
    { class: "sts-focus" },
    h("p", { class: "sts-focus-line" }, h("small", {}, "Doelgroep"), text("group", "doelgroep nog in te vullen")),
    h("p", { class: "sts-focus-line" }, h("small", {}, "Probleem"), text("problem", "probleem nog in te vullen")),
    h("p", { class: "sts-focus-line" }, h("small", {}, "Ruimte voor impact"), text("impact", "ruimte voor impact nog in te vullen")),
    reason && h("p", { class: "sts-focus-line sts-focus-reason" }, h("small", {}, "Waarom deze"), h("span", { dir: "auto" }, reason)),
  );
}
