// @ts-check
// What came of a file: used, repaired and rejected rows, findings, the school's own totals beside ours; then keep or not.

import { h, uniqueId } from "../dom.js";
import { saveFile } from "../save.js";

/** @typedef {import("../figures_page.js").FiguresView} View */

const MEANINGS = [
  ["unlawful", "ongewettigd afwezig"],
  ["lawful", "gewettigd afwezig"],
  ["open", "reden nog onbekend"],
  ["late", "te laat"],
  ["neutral", "neutraal"],
  ["present", "aanwezig"],
];

/** @param {View} page @param {any} report @param {{corrected: boolean, again: (said: {years?: Record<string, string>, codes?: Record<string, string>}) => void}} how whether a person corrected a column, and how to read again */
export function buildReport(page, report, { corrected, again }) {
  const { link } = page;
  const counts = [
    ["rijen", report.rows],
    ["gebruikt", report.used],
    ["hersteld", report.repaired],
    ["geweigerd", report.rejected],
  ];
  const profile = h("input", { type: "checkbox" });
  profile.checked = corrected;
  const buttons = h("p", { class: "sts-buttons" });
  const decide = (/** @type {string} */ kind) => {
    for (const button of buttons.querySelectorAll("button")) button.disabled = true;
    link.send({ kind, profile: profile.checked });
  };
  buttons.append(
    h("button", { type: "button", class: "sts-primary", onclick: () => decide("keep") }, "Bewaren bij deze school"),
    h("button", { type: "button", class: "sts-secondary", onclick: () => decide("drop") }, "Niet bewaren"),
  );
  return h(
    "section",
    { class: "sts-panel sts-report", "aria-labelledby": "sts-bring-report" },
    h("h3", { id: "sts-bring-report", tabindex: -1 }, "3. Het verslag: gelezen, nog niet bewaard"),
    h("p", {}, report.told),
    h("ul", { class: "sts-counts" }, ...counts.map(([name, count]) => h("li", {}, h("strong", {}, count), name))),
    h("p", { class: "sts-hint" }, `${report.used} gebruikt + ${report.repaired} hersteld + ${report.rejected} geweigerd = ${report.rows} rijen.`),
    report.rejected > 0 && rejectedRows(page),
    report.dropped_columns.length > 0 && h("p", {}, `Weggelaten kolommen: ${report.dropped_columns.join(", ")}.`),
    unknownCodes(report.unknown_codes, again),
    report.findings.length > 0 &&
      h(
        "details",
        { open: report.findings.length <= 6 },
        h("summary", {}, report.findings.length === 1 ? "1 opmerking bij het lezen" : `${report.findings.length} opmerkingen bij het lezen`),
        h("ul", {}, ...report.findings.map((/** @type {any} */ finding) => h("li", {}, h("strong", {}, `${finding.place}: `), finding.fact, " ", finding.remedy))),
      ),
    classYears(report.classes, again),
    ownTotals(page, report),
    h("p", { class: "sts-checks" }, h("label", {}, profile, "Deze kolommen, vrije dagen en dit weekrooster onthouden voor de volgende export van deze school")),
    buttons,
  );
}

/** Codes that nobody knows: they count as nothing until a person says what they are. @param {{code: string, told: string}[]} codes @param {(said: {codes: Record<string, string>}) => void} again */
function unknownCodes(codes, again) {
  if (!codes.length) return null;
  /** @type {[string, any][]} */
  const selects = [];
  const field = (/** @type {{code: string, told: string}} */ one) => {
    const id = uniqueId("code");
    const select = h("select", { id }, h("option", { value: "" }, "telt niet mee"), ...MEANINGS.map(([value, name]) => h("option", { value }, name)));
    selects.push([one.code, select]);
    return h("p", {}, h("label", { for: id }, one.told), select);
  };
  const said = () => Object.fromEntries(selects.filter(([, select]) => select.value).map(([code, select]) => [code, select.value]));
  return h(
    "details",
    { class: "sts-unknown-codes", open: true },
    h("summary", {}, codes.length === 1 ? "1 onbekende code" : `${codes.length} onbekende codes`),
    h("p", { class: "sts-hint" }, "Ze tellen niet mee als afwezig, tot jullie zeggen wat ze betekenen. Bij bewaren onthouden we dat voor deze school, en alle cijfers tellen er dan mee."),
    h("div", { class: "sts-class-list sts-code-list" }, ...codes.map(field)),
    h("p", {}, h("button", { type: "button", class: "sts-secondary", onclick: () => again({ codes: said() }) }, "Opnieuw lezen met deze betekenissen")),
  );
}

/** The year of each class where no file says it: proposed, and counted with only once a person confirms. @param {{class: string, year: string}[]} classes @param {(said: {years: Record<string, string>}) => void} again */
function classYears(classes, again) {
  if (!classes.length) return null;
  /** @type {any[]} */
  const selects = [];
  const field = (/** @type {{class: string, year: string}} */ one) => {
    const id = uniqueId("class");
    const select = h("select", { id }, h("option", { value: "" }, "onbekend"), ...["1", "2", "3", "4", "5", "6", "7"].map((year) => h("option", { value: year }, `${year}e`)));
    select.value = one.year;
    selects.push([one.class, select]);
    return h("p", {}, h("label", { for: id }, one.class), select);
  };
  return h(
    "details",
    { class: "sts-class-years" },
    h("summary", {}, `Welk leerjaar is elke klas? (${classes.length})`),
    h("p", { class: "sts-hint" }, "Er is geen klassenbestand. Dit is een voorstel volgens het eerste cijfer van de naam; het telt pas mee als jullie het bevestigen. Een stroom of finaliteit leiden we nooit uit een naam af."),
    h("div", { class: "sts-class-list" }, ...classes.map(field)),
    h("p", {}, h("button", { type: "button", class: "sts-secondary", onclick: () => again({ years: Object.fromEntries(selects.map(([name, select]) => [name, select.value])) }) }, "Leerjaren bevestigen en opnieuw lezen")),
  );
}

/** A workbook with the rejected rows and why: made when a person asks, from what is in memory now. @param {View} page */
function rejectedRows(page) {
  const told = h("span", { class: "sts-hint", role: "status" });
  page.binder.listen(page.link, "message", ({ detail }) => {
    if (detail.kind === "rejected-file") {
      saveFile(detail);
      told.replaceChildren("Bewaard op deze computer. Het bestand bevat gegevens van leerlingen: verwijder het als de export verbeterd is.");
    } else if (detail.kind === "rejected-failed") told.replaceChildren(detail.text);
  });
  const ask = () => {
    told.replaceChildren("Het bestand wordt gemaakt…");
    page.link.send({ kind: "rejected" });
  };
  return h("p", {}, h("button", { type: "button", class: "sts-secondary", onclick: ask }, "Geweigerde rijen als Excel bewaren"), " ", told);
}

/** What the school's own package counts, beside what we count. @param {View} page @param {any} report */
function ownTotals(page, report) {
  if (!report.totals.length) return null;
  /** @type {[string, any][]} */
  const inputs = [];
  const sentences = h("ul", { class: "sts-reconciled", role: "status" });
  const field = (/** @type {{id: string, name: string}} */ total) => {
    const id = uniqueId("total");
    const input = h("input", { type: "text", id, inputmode: "numeric", maxlength: 9 });
    inputs.push([total.id, input]);
    return h("p", {}, h("label", { for: id }, total.name), input);
  };
  page.binder.listen(page.link, "message", ({ detail }) => {
    if (detail.kind === "compared") sentences.replaceChildren(...detail.sentences.map((/** @type {any} */ one) => h("li", { "data-agrees": one.agrees }, one.text)));
  });
  const compare = (/** @type {any} */ event) => {
    event.preventDefault();
    const typed = inputs.filter(([, input]) => input.value.trim());
    const wrong = typed.filter(([, input]) => !/^\d[\d. ]*$/.test(input.value.trim()));
    for (const [, input] of inputs) input.setAttribute("aria-invalid", String(wrong.some(([, one]) => one === input)));
    if (wrong.length || !typed.length) return sentences.replaceChildren(h("li", {}, wrong.length ? "Schrijf alleen een aantal, zoals 412." : "Vul minstens één totaal van jullie pakket in."));
    page.link.send({ kind: "compare", totals: Object.fromEntries(typed.map(([id, input]) => [id, Number(input.value.replace(/[. ]/g, ""))])) });
  };
  return h(
    "details",
    { class: "sts-own-totals" },
    h("summary", {}, "Klopt dit met jullie eigen totalen?"),
    h("p", { class: "sts-hint" }, "Typ wat jullie schoolpakket zelf telt, in halve dagen over dezelfde periode. Leeg laten mag."),
    h("form", { onsubmit: compare, novalidate: true }, h("div", { class: "sts-totals" }, ...report.totals.map(field)), h("p", {}, h("button", { type: "submit", class: "sts-secondary" }, "Vergelijken"))),
    sentences,
  );
}
