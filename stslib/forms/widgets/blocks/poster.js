// @ts-check
// One page for the staff room: the focus, what was done, what changed in the scores, and the team's own words.

import { h } from "../dom.js";
import { chosenItems } from "./focus.js";
import { fitSheet, printControls } from "./sheet.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

const SHOWN_ACTIONS = 12;
const DRAW_AFTER = 150; // ms without a change

/** @param {Page} page @param {any} block */
export function buildPoster(page, block) {
  const { binder, link } = page;
  const sheet = h("div", { class: "sts-sheet sts-poster" });
  const full = h("p", { class: "sts-hint", role: "status" });
  const fit = () => {
    const text = fitSheet(sheet) ? "" : "De tekst past niet op één blad: het einde valt weg. Maak een van de teksten korter.";
    if (full.textContent !== text) full.textContent = text;
  };
  const draw = () => {
    sheet.replaceChildren(...posterParts(page, block));
    fit();
  };
  let timer = 0;
  binder.listen(link, "field", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, DRAW_AFTER);
  });
  binder.onClose(() => clearTimeout(timer));
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (sheet.clientWidth === width) return;
    width = sheet.clientWidth;
    fit();
  });
  observer.observe(sheet);
  binder.onClose(() => observer.disconnect());
  draw();
  const about = `(${block.title})`;
  return h(
    "div",
    { class: "sts-poster-work" },
    h("div", {}, ...block.fields.map((/** @type {any} */ field) => binder.formField(block.id, field, about))),
    h(
      "figure",
      { class: "sts-poster-preview" },
      h("figcaption", {}, "Zo komt de affiche eruit te zien. Focus, acties en scores komen uit jullie traject."),
      sheet,
      full,
      printControls("Affiche", () => sheet),
    ),
  );
}

/** @param {Page} page @param {any} block @returns {any[]} */
function posterParts(page, block) {
  const { about, link } = page;
  const own = block.fields
    .map((/** @type {any} */ field) => ({ field, text: shownText(field, link.value(block.id, field.id)) }))
    .filter((/** @type {any} */ one) => one.text);
  const [titleField] = block.fields.filter((/** @type {any} */ field) => field.kind === "regel");
  const title = own.find((/** @type {any} */ one) => one.field === titleField)?.text || "Aanwezig op school: hier werkten we samen aan";
  const texts = own.filter((/** @type {any} */ one) => one.field !== titleField && one.field.kind !== "regel");
  const lines = own.filter((/** @type {any} */ one) => one.field !== titleField && one.field.kind === "regel");
  const actions = doneActions(page);
  const changes = scoreChanges(page);
  const focus = chosenItems(page)[0];
  return [
    h("div", { class: "sts-poster-head" }, h("p", { class: "sts-poster-school" }, about.school), h("p", { class: "sts-poster-title", dir: "auto" }, title)),
    h(
      "div",
      { class: "sts-poster-body" },
      focus && posterFocus(page, focus),
      (actions.length > 0 || changes.length > 0) &&
        h(
          "div",
          { class: "sts-poster-pair" },
          actions.length > 0 && posterPart("Dit deden we", actionList(actions)),
          changes.length > 0 && posterPart("Hoe we onszelf scoorden, op 10", changeList(changes)),
        ),
      texts.length > 0 &&
        h(
          "div",
          { class: "sts-poster-texts" },
          ...texts.map((/** @type {any} */ one) => posterPart(one.field.label, h("p", { class: "sts-poster-text", dir: "auto" }, one.text))),
        ),
    ),
    h(
      "div",
      { class: "sts-poster-foot" },
      ...lines.map((/** @type {any} */ one) => h("p", {}, h("strong", {}, `${one.field.label}: `), h("span", { dir: "auto" }, one.text))),
      h("p", { class: "sts-poster-when" }, `${about.date} · traject sinds ${about.school_year}`),
    ),
  ];
}

/** @param {any} field @param {any} value */
function shownText(field, value) {
  if (value === true) return field.label;
  const option = (field.options ?? []).find((/** @type {any} */ one) => one.id === value);
  return option ? option.label : typeof value === "string" ? value.trim() : "";
}

/** @param {string} title @param {any} body */
function posterPart(title, body) {
  return h("div", { class: "sts-poster-part" }, h("p", { class: "sts-poster-name" }, title), body);
}

/** @param {Page} page @param {string} item */
function posterFocus(page, item) {
  const text = (/** @type {string} */ field) => String(page.link.value(item, field) ?? "").trim();
  const [group, problem, impact] = ["group", "problem", "impact"].map(text);
  if (!group && !problem && !impact) return null;
  return h(
    "div",
    { class: "sts-poster-focus" },
    h("p", { class: "sts-poster-name" }, "Onze focus"),
    group && h("p", { class: "sts-poster-group", dir: "auto" }, group),
    problem && h("p", { dir: "auto" }, problem),
    impact && h("p", { dir: "auto" }, impact),
  );
}

/** What the actions that are done say, in the order of the plan. @param {Page} page @returns {string[]} */
function doneActions(page) {
  const { link } = page;
  const found = [];
  for (const [key, known] of link.fields) {
    if (!key.startsWith("actie.") || !key.endsWith("::state") || known.value !== "done") continue;
    const item = key.slice(0, -"::state".length);
    const what = String(link.value(item, "what") ?? "").trim();
    if (what && link.value(item, "removed") !== true) found.push(what);
  }
  return found;
}

/** @param {string[]} actions */
function actionList(actions) {
  const left = actions.length - SHOWN_ACTIONS;
  const shown = left > 1 ? actions.slice(0, SHOWN_ACTIONS) : actions;
  return h("ul", { class: "sts-poster-done" }, ...shown.map((what) => h("li", { dir: "auto" }, what)), left > 1 && h("li", {}, `en nog ${left} andere`));
}

/** First and last number of each scale that has two. @param {Page} page */
function scoreChanges(page) {
  const aspects = page.instrument.aspects ?? {};
  const scales = page.instrument.phases.flatMap((/** @type {any} */ phase) => page.sections(phase).flatMap((section) => section.scales));
  return scales.flatMap((/** @type {any} */ scale) => {
    const numbers = [...page.about.earlier.map((/** @type {any} */ one) => one.scores[scale.id]), page.link.value(scale.id, "score")].filter(
      (score) => typeof score === "number",
    );
    if (numbers.length < 2) return [];
    const aspect = aspects[scale.aspect];
    return [{ label: aspect ? `${scale.label}, ${aspect.toLowerCase()}` : scale.label, from: numbers[0], to: numbers[numbers.length - 1] }];
  });
}

/** @param {{label: string, from: number, to: number}[]} changes */
function changeList(changes) {
  return h(
    "ul",
    { class: "sts-poster-scores" },
    ...changes.map(({ label, from, to }) =>
      h("li", {}, h("span", {}, label), h("span", { class: "sts-poster-step" }, from === to ? "bleef " : `van ${from} naar `, h("strong", {}, to))),
    ),
  );
}
