// @ts-check
// Actions: one list per objective, all of them in the overview, planned or followed up in a block. Everywhere the same fields of the
// same entries, so what changes here changes there.

import { h, randomHex } from "../dom.js";
import { readsAsDay } from "../fields/fields.js";
import { buildPins } from "../pictures/pins.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

const PREFIX = "actie.";

const PLAN_FIELDS = [
  ["what", "Wat", "geplande actie"],
  ["who", "Wie", "actoren, volgens functie"],
  ["when", "Wanneer", "dag als 15/01/2027"],
  ["check", "Check", "borgen of bijsturen"],
];

export const ACTION_STATES = [
  { id: "planned", label: "gepland" },
  { id: "running", label: "bezig" },
  { id: "done", label: "gedaan" },
  { id: "stopped", label: "gestopt" },
];

/** Ids of the actions, of one origin when it is given. @param {Page} page @param {string} [origin] @returns {string[]} */
export function actionItems(page, origin) {
  const items = page.link.rows(PREFIX);
  return origin === undefined ? items : items.filter((item) => (page.link.value(item, "origin") ?? "") === origin);
}

/** A new action, with the cursor in its first field. @param {Page} page @param {string} origin @param {any} near */
function addAction(page, origin, near) {
  const item = `${PREFIX}${randomHex(8)}`;
  page.link.change(item, "origin", origin);
  const scope = near.closest("[data-step]") ?? page.root;
  scope.querySelector(`[data-key="${item}::what"]`)?.focus();
}

/**
 * Call *draw* with the actions of a list now, and again when one comes, goes or changes origin. Rows that stand keep their fields,
 * focus and all: *draw* gets what stands already.
 * @param {Page} page @param {any} place @param {() => string[]} items @param {(rows: any[]) => void} show @param {(item: string, index: number) => any} row
 */
function live(page, place, items, show, row) {
  let before = "";
  const draw = () => {
    const now = items();
    const mark = now.join(" ");
    if (before === mark && place.dataset.drawn) return;
    before = mark;
    place.dataset.drawn = "true";
    const kept = new Map([...place.querySelectorAll("[data-action]")].map((element) => [element.dataset.action, element]));
    show(now.map((item, index) => kept.get(item) ?? row(item, index)));
  };
  page.whenField((item, field) => item.startsWith(PREFIX) && (field === "origin" || field === "removed" || field === "what"), draw);
  draw();
}

/** @param {Page} page @param {string} item @param {string} name what a person hears: "actie 2 bij ..." */
function removeButton(page, item, name) {
  return h("button", { type: "button", class: "sts-link", "aria-label": `Weghalen: ${name}`, onclick: () => page.link.change(item, "removed", true) }, "Weghalen");
}

// -- per objective -------------------------------------------------------------------------------------------------------------

/** @param {Page} page @param {any} objective */
export function buildActions(page, objective) {
  const place = h("div", { class: "sts-scroll" });
  live(
    page,
    place,
    () => actionItems(page, objective.id),
    (rows) => place.replaceChildren(rows.length ? planTable(rows, false) : h("p", { class: "sts-hint" }, "Nog geen actie gepland.")),
    (item, index) => h("tr", { "data-action": item }, ...planCells(page, item, index + 1, objective.title)),
  );
  return h("div", { class: "sts-actions" }, h("h4", {}, "Geplande acties"), place, addButton(page, objective));
}

/** @param {Page} page @param {any} objective */
function addButton(page, objective) {
  const label = `Actie toevoegen bij: ${objective.title}`;
  return h("button", { type: "button", class: "sts-secondary", "aria-label": label, onclick: (/** @type {any} */ event) => addAction(page, objective.id, event.target) }, "Actie toevoegen");
}

/** @param {Page} page @param {string} item @param {number} order @param {string} title */
function planCells(page, item, order, title) {
  const cells = PLAN_FIELDS.map(([field, name]) =>
    h("td", {}, page.binder.cell({ item, field, label: `${name}, actie ${order} bij ${title}` }), page.binder.savedMark(item, field)),
  );
  return [...cells, h("td", { class: "sts-narrow" }, removeButton(page, item, `actie ${order} bij ${title}`))];
}

/** @param {any[]} rows @param {boolean} withOrigin */
function planTable(rows, withOrigin) {
  return h("table", { class: "sts-table sts-plan" }, planHead("", withOrigin), h("tbody", {}, ...rows));
}

/** @param {string} first head of a first column, or empty @param {boolean} [withOrigin] */
function planHead(first, withOrigin = false) {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      first && h("th", { scope: "col" }, first, h("small", {}, "zelfscore")),
      ...PLAN_FIELDS.map(([, name, hint]) => h("th", { scope: "col" }, name, h("small", {}, hint))),
      withOrigin && h("th", { scope: "col" }, "Hoort bij"),
      h("td", {}, h("span", { class: "sts-unseen" }, "Weghalen")),
    ),
  );
}

/** What came out of a section: the actions that belong to it, its questions or its rows, with the way to them. @param {Page} page @param {string} section */
export function buildOutcomes(page, section) {
  const place = h("div", { class: "sts-outcomes" });
  const draw = () => {
    const found = actionItems(page).filter((item) => {
      const origin = String(page.link.value(item, "origin") ?? "");
      return origin === section || origin.startsWith(`${section}.`);
    });
    place.replaceChildren(
      ...(found.length
        ? [
            h("p", {}, h("strong", {}, "Hieruit kwam voort: ")),
            h("ul", {}, ...found.map((item) => h("li", {}, h("span", { dir: "auto" }, page.link.value(item, "what") || "een actie zonder naam"), ` (${stateText(page, item)})`))),
            page.planStep() && h("button", { type: "button", class: "sts-link", onclick: () => page.open(page.planStep(), true) }, "Naar de acties"),
          ].filter(Boolean)
        : []),
    );
  };
  page.whenField((item) => item.startsWith(PREFIX), draw);
  draw();
  return place;
}

/** @param {Page} page @param {string} item */
function stateText(page, item) {
  const state = page.link.value(item, "state");
  return ACTION_STATES.find((one) => one.id === state)?.label ?? "gepland";
}

// -- overview of the prevention plan -------------------------------------------------------------------------------------------

/** @param {Page} page @param {any} panel */
export function buildOverview(page, panel) {
  panel.append(
    h("h2", {}, "Overzicht van doelstellingen en acties"),
    h("p", { class: "sts-intro" }, "Dezelfde scores en acties als op de bladen van de fasen: wat je hier wijzigt, wijzigt daar mee."),
  );
  for (const phase of page.instrument.phases) {
    const bodies = [];
    let kind = "algemeen";
    for (const objective of phase.objectives) {
      if (objective.kind !== kind) {
        kind = objective.kind;
        bodies.push(h("tbody", {}, h("tr", {}, h("th", { colspan: 6, scope: "rowgroup", class: "sts-overview-kind" }, page.instrument.kinds[kind]))));
      }
      bodies.push(overviewBody(page, objective));
    }
    panel.append(
      h(
        "section",
        { class: "sts-panel", "aria-label": `Overzicht ${phase.name.toLowerCase()}` },
        h("h3", {}, `${phase.name}: ${phase.title}`),
        h("div", { class: "sts-scroll" }, h("table", { class: "sts-table sts-plan sts-overview" }, planHead("Schaal"), ...bodies)),
      ),
    );
  }
  panel.append(otherActions(page));
}

/** The actions of the trajectory that belong to another instrument, or to nothing yet. @param {Page} page */
function otherActions(page) {
  const own = new Set(page.objectives().map((objective) => objective.id));
  const place = h("div", { class: "sts-scroll" });
  live(
    page,
    place,
    () => actionItems(page).filter((item) => !own.has(page.link.value(item, "origin") ?? "")),
    (rows) => place.replaceChildren(rows.length ? planTable(rows, true) : h("p", { class: "sts-hint" }, "Er zijn geen acties die bij een ander instrument horen.")),
    (item, index) => {
      const cells = planCells(page, item, index + 1, "een ander instrument");
      cells.splice(cells.length - 1, 0, h("td", {}, originPicker(page, item, `actie ${index + 1}`)));
      return h("tr", { "data-action": item }, ...cells);
    },
  );
  return h("section", { class: "sts-panel", "aria-label": "Andere acties van dit traject" }, h("h3", {}, "Andere acties van dit traject"), place);
}

/** @param {Page} page @param {any} objective */
function overviewBody(page, objective) {
  const { binder } = page;
  const scales = h("td", { class: "sts-overview-scales" });
  const lines = objective.sections.map((/** @type {any} */ section) => {
    const line = h(
      "div",
      {},
      ...section.scales.flatMap((/** @type {any} */ scale) => [
        h("label", {}, h("span", {}, scale.label), binder.picker({ item: scale.id, field: "score", label: `Score ${scale.label}`, states: true })),
        binder.savedMark(scale.id, "score"),
      ]),
    );
    scales.append(line);
    return { section, line };
  });
  const head = h(
    "tr",
    {},
    h("th", { colspan: 6, scope: "rowgroup" }, h("div", { class: "sts-overview-head" }, h("span", {}, objective.title), addButton(page, objective))),
  );
  const body = h("tbody", { "data-applies": true });
  live(
    page,
    body,
    () => actionItems(page, objective.id),
    (rows) => {
      scales.rowSpan = Math.max(1, rows.length);
      const first = rows[0] ?? h("tr", {}, h("td", { colspan: PLAN_FIELDS.length + 1, class: "sts-hint" }, "Nog geen actie gepland."));
      first.prepend(scales);
      body.replaceChildren(head, ...(rows.length ? rows : [first]));
    },
    (item, index) => h("tr", { "data-action": item }, ...planCells(page, item, index + 1, objective.title)),
  );
  const draw = () => {
    const on = lines.filter((/** @type {any} */ one) => {
      one.line.hidden = !page.applies(one.section);
      return !one.line.hidden;
    });
    body.classList.toggle("sts-off", on.length === 0);
    scales.dataset.away = on.length === 0 ? "niet van toepassing" : "";
  };
  body.addEventListener("sts:applies", draw);
  draw();
  return body;
}

// -- the action plan of the fiche, and its follow-up ---------------------------------------------------------------------------

/** All actions of the trajectory: to plan, or to follow up. @param {Page} page @param {any} block */
export function buildActionsBlock(page, block) {
  const follow = block.view === "follow-up";
  const place = h("div", { class: "sts-action-cards" });
  const none = follow ? "Er is nog geen actie afgesproken: dat gebeurt in fase 3 of bij een doelstelling van het preventieplan." : "Nog geen actie. Begin met de eerste stap die iemand morgen kan zetten.";
  live(
    page,
    place,
    () => actionItems(page),
    (cards) => place.replaceChildren(...(cards.length ? cards : [h("p", { class: "sts-empty" }, none)])),
    (item, index) => actionCard(page, item, index + 1, follow),
  );
  const add = h("button", { type: "button", class: "sts-secondary", onclick: (/** @type {any} */ event) => addAction(page, page.chosenFocus() ?? "", event.target) }, "Actie toevoegen");
  return h("div", {}, place, !follow && add);
}

/** @param {Page} page @param {string} item @param {number} order @param {boolean} follow */
function actionCard(page, item, order, follow) {
  const { binder } = page;
  const name = `actie ${order}`;
  const area = (/** @type {string} */ field, /** @type {string} */ label, /** @type {string} */ hint) => binder.textArea({ item, field, label, hint, rows: 1, about: name });
  const line = (/** @type {string} */ field, /** @type {string} */ label, /** @type {string} */ hint) => binder.textLine({ item, field, label, hint, about: name });
  const missing = h("p", { class: "sts-missing" });
  const draw = () => missing.replaceChildren(unfinishedText(page, item));
  page.whenField((changed) => changed === item, draw);
  draw();
  const what = area("what", "Wat", "Eén stap die iemand kan zetten.");
  const effect = area("effect", "Welk effect willen we zien?", "Bij leerlingen, het team of het beleid.");
  const agreed = [
    h(
      "div",
      { class: "sts-grid" },
      line("who", "Wie", "Volgens functie, geen namen."),
      binder.date({ item, field: "when", label: "Tegen wanneer", about: name }),
      binder.framed({ control: originPicker(page, item, name), label: "Hoort bij", hint: "Waaruit deze actie voortkomt.", about: name, mark: binder.savedMark(item, "origin") }),
    ),
    h(
      "div",
      { class: "sts-grid sts-grid-small" },
      line("indicator", "Waaraan merken we dat?", "Wat we tellen of horen."),
      line("baseline", "Nu", "Hoe het vandaag is."),
      line("target", "Streven", "Waar we heen willen."),
      line("check", "Check", "Borgen of bijsturen."),
    ),
  ];
  const running = [
    binder.choice({ item, field: "state", label: "Hoe ver staat het?", about: name, options: ACTION_STATES, empty: "nog niet bekeken" }),
    h("div", { class: "sts-grid" }, area("works", "Wat werkt?", ""), area("hinders", "Wat zit in de weg?", ""), area("adjustment", "Bijsturing", "")),
  ];
  return h(
    "article",
    { class: "sts-action-card", "data-action": item, "aria-label": `Actie ${order}` },
    h("header", {}, h("h5", {}, `Actie ${order}`), missing, removeButton(page, item, name)),
    ...(follow
      ? [what, ...running, h("details", { class: "sts-fold" }, h("summary", {}, "Wat we afspraken", h("span", { class: "sts-unseen" }, ` (${name})`)), effect, ...agreed)]
      : [h("div", { class: "sts-grid" }, what, effect), ...agreed]),
    buildPins(page, [item]),
  );
}

/** What an action still needs, in words. @param {Page} page @param {string} item */
export function unfinishedText(page, item) {
  const text = (/** @type {string} */ field) => String(page.link.value(item, field) ?? "").trim();
  const missing = [!text("what") && "wat", !text("who") && "wie", !readsAsDay(text("when")) && "wanneer", !text("origin") && "waar het bij hoort"].filter(Boolean);
  return missing.length ? `Nog in te vullen: ${missing.join(", ")}.` : "";
}

/** What an action belongs to: the focus, or a part of an instrument. @param {Page} page @param {string} item @param {string} name */
function originPicker(page, item, name) {
  const select = h("select", { "aria-label": `Waar ${name} bij hoort`, "data-key": `${item}::origin` });
  const draw = () => {
    const now = page.link.value(item, "origin") ?? "";
    const groups = page.origins();
    const known = groups.some((group) => group.items.some((/** @type {any} */ one) => one.id === now));
    select.replaceChildren(
      h("option", { value: "" }, "nog te kiezen"),
      !known && now ? h("option", { value: now }, page.nameOf(now)) : "",
      ...groups.map((group) => h("optgroup", { label: group.name }, ...group.items.map((/** @type {any} */ one) => h("option", { value: one.id }, one.name)))),
    );
    select.value = now;
  };
  select.addEventListener("change", () => page.link.change(item, "origin", select.value));
  page.whenField((changed, field) => (changed === item && field === "origin") || field === "group" || field === "problem", draw);
  draw();
  return select;
}
