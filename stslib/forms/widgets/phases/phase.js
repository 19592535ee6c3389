// @ts-check
// One phase: its frame, its objectives or its own sections with questions, figures, scales and blocks, and the checklist that closes it.

import { buildActions, buildOutcomes } from "./actions.js";
import { buildBlock } from "../blocks/blocks.js";
import { h } from "../dom.js";
import { asLeft } from "../fields/folds.js";
import { buildFrame, buildNote, buildResults } from "./frame.js";
import { drawPictures } from "../pictures/scores.js";
import { buildPins } from "../pictures/pins.js";
import { scoreText } from "../pictures/radar.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

/** @param {Page} page @param {any} phase @param {any} panel */
export function buildPhase(page, phase, panel) {
  const whole = page.instrument.layout === "blad";
  const single = page.instrument.phases.length === 1;
  const first = phase === page.instrument.phases[0];
  const title = whole && single ? phase.title : `${phase.name}: ${phase.title}`;
  const work = h("div", { class: "sts-work" }, h("h2", {}, title), h("p", { class: "sts-intro" }, phase.intro), first && allOwn(page) && h("p", { class: "sts-own" }, "De bron geeft het kader; de vragen zijn een eigen voorstel."), buildFrame(page, phase));
  let kind = "algemeen";
  for (const objective of phase.objectives) {
    if (objective.kind !== kind) {
      kind = objective.kind;
      work.append(h("p", { class: "sts-kind" }, page.instrument.kinds[kind]));
    }
    work.append(buildObjective(page, objective));
  }
  for (const section of phase.themes) work.append(h("article", { class: "sts-objective" }, buildSection(page, section, null)));
  if (phase.frame.results.length) work.append(buildResults(page, phase));
  work.append(buildNote(page, phase));
  const next = whole ? null : nextButton(page, phase);
  if (next) work.append(next);
  if (page.allSections(phase).some((section) => section.scales.length)) {
    const aside = h("aside", { class: "sts-aside", "aria-label": `Zelfscores van ${phase.name.toLowerCase()}` }, h("div", { class: "sts-pictures" }));
    panel.append(h("div", { class: "sts-columns" }, work, aside));
    drawPictures(page, phase);
  } else panel.append(work);
}

/** @param {Page} page @param {any} phase */
function nextButton(page, phase) {
  const names = [...page.steps.keys()];
  const { phases } = page.instrument;
  const following = phases[phases.indexOf(phase) + 1];
  const next = names[names.indexOf(`fase-${phase.number}`) + 1];
  const label = following ? `Naar ${following.name.toLowerCase()}` : next === "overzicht" ? "Naar het overzicht" : "Naar afsluiten";
  return h("p", { class: "sts-next" }, h("button", { type: "button", class: "sts-secondary", onclick: () => page.open(next, true) }, label));
}

/** @param {Page} page @param {any} objective */
function buildObjective(page, objective) {
  const single = objective.sections.length === 1;
  const body = h("div", { class: "sts-objective-body" });
  const away = h("p", { class: "sts-away" }, "Niet van toepassing voor deze school: telt nergens mee en staat niet op de radar.");
  const toggle = h("button", { type: "button", class: "sts-link" });
  const article = h(
    "article",
    { class: "sts-objective", "data-objective": objective.id, "data-applies": true },
    h("header", {}, h("h3", {}, objective.title), toggle),
    away,
    body,
  );
  for (const section of objective.sections) body.append(buildSection(page, section, objective));
  body.append(buildActions(page, objective));
  const draw = () => {
    const on = objective.sections.some((/** @type {any} */ section) => page.applies(section));
    toggle.textContent = on ? "Niet van toepassing" : "Toch bespreken";
    toggle.setAttribute("aria-label", `${toggle.textContent}: ${objective.title}`);
    body.hidden = !on;
    away.hidden = on;
  };
  toggle.addEventListener("click", () => {
    const on = objective.sections.some((/** @type {any} */ section) => page.applies(section));
    page.link.change(objective.id, "applicable", !on);
    if (!on) {
      objective.sections.forEach((/** @type {any} */ section) => {
        if (!page.applies(section)) page.link.change(section.id, "applicable", true);
      });
    }
  });
  article.addEventListener("sts:applies", draw);
  draw();
  if (single) article.dataset.single = "";
  return article;
}

/** A section of an objective, or of the phase itself when *objective* is null. @param {Page} page @param {any} section @param {any} objective */
function buildSection(page, section, objective) {
  const alone = objective?.sections.length === 1;
  const body = h(
    "div",
    {},
    section.background && asLeft(h("details", { class: "sts-background" }, h("summary", {}, "Achtergrond"), h("p", {}, section.background)), `${section.id}:achtergrond`, true),
    section.advice.length > 0 &&
      asLeft(h("details", { class: "sts-background" }, h("summary", {}, objective ? "Advies" : "Tips"), h("ul", {}, ...section.advice.map((/** @type {string} */ line) => h("li", {}, line)))), `${section.id}:advies`),
    h(
      "div",
      { class: "sts-beside" },
      h("div", { class: "sts-figures", "data-figures": section.figures.join(" ") }),
      h("div", { class: "sts-questions" }, ...section.questions.map((/** @type {any} */ question) => buildQuestion(page, question))),
    ),
    buildPins(page, [section.id, ...section.questions.map((/** @type {any} */ question) => question.id)]),
    ...blocksOf(page, section).map((block) => buildBlock(page, block, section)),
    section.scales.length > 0 && buildScales(page, section),
    !objective && buildOutcomes(page, section.id),
  );
  const toggle = h("button", { type: "button", class: "sts-link" });
  const element = h(
    "section",
    { class: "sts-section", "data-section": section.id, "data-applies": true, "aria-label": section.title },
    !alone && h("header", {}, h(objective ? "h4" : "h3", {}, section.title), objective && toggle),
    body,
  );
  if (!objective) return element;
  const draw = () => {
    const on = page.applies(section);
    toggle.textContent = on ? "Niet van toepassing" : "Toch bespreken";
    toggle.setAttribute("aria-label", `${toggle.textContent}: ${section.title}`);
    body.hidden = !on && !alone;
  };
  toggle.addEventListener("click", () => page.link.change(section.id, "applicable", !page.applies(section)));
  element.addEventListener("sts:applies", draw);
  draw();
  return element;
}

/** The blocks of a section; where actions are followed up, the indicator of the plan stands beside them. @param {Page} page @param {any} section @returns {any[]} */
function blocksOf(page, section) {
  const follows = section.blocks.some((/** @type {any} */ block) => block.kind === "acties" && block.view === "follow-up");
  if (!follows) return section.blocks;
  const all = page.instrument.phases.flatMap((/** @type {any} */ phase) => page.allSections(phase).flatMap((one) => one.blocks));
  return [...section.blocks, ...all.filter((/** @type {any} */ block) => block.kind === "indicator" && !section.blocks.includes(block))];
}

/** Whether the source gives the frame only and every question is a proposal of ours: then it is said once. @param {Page} page */
function allOwn(page) {
  const questions = page.instrument.phases.flatMap((/** @type {any} */ phase) => page.allSections(phase).flatMap((section) => section.questions));
  return questions.length > 0 && questions.every((/** @type {any} */ question) => question.own);
}

/** @param {Page} page @param {any} question */
function buildQuestion(page, question) {
  const marked = question.own && !allOwn(page);
  const before = page.about.earlier.filter((/** @type {any} */ one) => one.answers[question.id]);
  return h(
    "div",
    { class: "sts-question-block" },
    (question.method || marked) &&
      h("p", { class: "sts-question-marks" }, question.method && h("span", { class: "sts-method" }, question.method), marked && h("span", { class: "sts-own", title: "De bron geeft het kader; deze vraag is een voorstel van ons." }, "eigen voorstel")),
    page.binder.textArea({ item: question.id, field: "answer", label: question.text, strong: true }),
    before.length > 0 &&
      h(
        "details",
        { class: "sts-before-answer" },
        h("summary", {}, "Wat zeiden jullie vroeger?"),
        h("dl", {}, ...before.flatMap((/** @type {any} */ one) => [h("dt", {}, one.label), h("dd", { dir: "auto" }, one.answers[question.id])])),
      ),
  );
}

/** @param {Page} page @param {any} section */
function buildScales(page, section) {
  const { binder, about } = page;
  const several = section.scales.length > 1;
  const ofScale = (/** @type {any} */ scale) => {
    const numbers = about.earlier.filter((/** @type {any} */ one) => (one.scores[scale.id] ?? null) !== null);
    const before = numbers.length
      ? h("p", { class: "sts-hint" }, "Vroeger: ", numbers.map((/** @type {any} */ one) => `${scoreText(one.scores[scale.id])} op ${one.label}`).join(", "))
      : null;
    const name = several ? `${scale.label}, ${page.instrument.aspects[scale.aspect].toLowerCase()}` : scale.label;
    return [
      binder.score({ item: scale.id, legend: scale.prompt, hint: before }),
      binder.textArea({ item: scale.id, field: "evidence", label: several ? "Waaraan merken jullie dat?" : "Waarom deze score?", hint: several ? "" : "Wat zien of horen jullie dat dit onderbouwt?" }),
      !several && binder.textArea({ item: scale.id, field: "ambition", label: "Waar willen jullie op inzetten om hoger te komen?" }),
      !several && h("p", { class: "sts-target" }, h("label", {}, "Streefscore ", binder.picker({ item: scale.id, field: "target", label: `Streefscore ${name}` })), " ", binder.savedMark(scale.id, "target")),
    ];
  };
  return h("div", { class: "sts-scale" }, ...section.scales.flatMap(ofScale));
}

/** What was answered to questions that are no longer asked: kept, and shown as it was. @param {Page} page @param {any} panel */
export function buildOrphans(page, panel) {
  panel.append(
    h("h2", {}, "Vragen van een oudere versie"),
    h("p", { class: "sts-intro" }, "Deze vragen stelt het instrument niet meer. Wat jullie erop antwoordden, blijft bewaard en komt mee in het archief."),
    h(
      "dl",
      { class: "sts-panel" },
      ...page.about.orphans.flatMap((/** @type {any} */ orphan) => [
        h("dt", {}, h("strong", {}, orphan.question || `Vraag met id ${orphan.item}`), orphan.edition && h("small", {}, ` (${orphan.edition})`)),
        h("dd", { dir: "auto" }, orphan.value),
      ]),
    ),
  );
}
