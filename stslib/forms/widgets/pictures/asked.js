// @ts-check
// A figure that the page asks for by its definition, for one item: a candidate of the focus, the indicator of the plan.
// The answers stand in the trait `asked`, by item; the groups to ask for in `groups`.

import { drawCard } from "./card.js";
import { h } from "../dom.js";

/** @typedef {import("../session_form.js").SessionPage} Page */
/** @typedef {{dimension: string, dimension_label: string, value: string, label: string}} Group */

const COUNTING_AT_MOST = 30_000; // ms; an answer that is equal to the one that stands changes nothing and so is not heard

const WHOLE = "school"; // the dimension of the group that is the whole school

/** @type {WeakMap<object, Map<string, string>>} The last definition asked for, by item: two views of an item ask once. */
const askedOf = new WeakMap();

/** Where an export is brought in. @param {any} about */
export function wayToFigures(about) {
  const way = (about.ways ?? []).find((/** @type {any} */ one) => one.id === "cijfers");
  return document.body.dataset.voila && way ? h("a", { href: `${way.address}#inbrengen` }, "Breng een export in") : "Open het notebook cijfers.ipynb om een export in te brengen.";
}

/** @param {Page} page @returns {Group[]} */
function groupsOf(page) {
  return page.model.get("groups") ?? [];
}

/**
 * The place where an item's figure comes. *definition* says what to count now, or null while that is not known yet; *hint* says what to do then.
 * @param {Page} page
 * @param {{item: string, watched: string[], definition: () => Record<string, any> | null, hint: string}} options
 */
export function askedFigure(page, { item, watched, definition, hint }) {
  const { binder, link, model } = page;
  const told = h("p", { class: "sts-hint", role: "status" });
  const place = h("div", { class: "sts-asked" });
  const none = h(
    "p",
    { class: "sts-empty" },
    "Hier komen cijfers van jullie eigen school, zodra die er zijn. ",
    wayToFigures(page.about),
  );
  const asked = askedOf.get(link) ?? new Map();
  askedOf.set(link, asked);
  let waiting = 0;
  let planned = false;
  const say = (/** @type {string} */ text) => {
    if (told.textContent !== text) told.textContent = text;
  };
  const settle = () => {
    clearTimeout(waiting);
    waiting = 0;
  };
  const draw = () => {
    const wanted = definition();
    const card = wanted ? (model.get("asked") ?? {})[item] : null;
    const mark = card ? JSON.stringify([card.title, card.counted_on, card.rows]) : "";
    none.hidden = groupsOf(page).length > 0;
    say(none.hidden ? (wanted ? (waiting ? "Het cijfer wordt geteld…" : "") : hint) : "");
    if (place.dataset.mark === mark) return;
    place.dataset.mark = mark;
    place.replaceChildren(...(card ? [drawCard(card)] : []));
  };
  const ask = () => {
    planned = false;
    const wanted = groupsOf(page).length ? definition() : null;
    const text = JSON.stringify(wanted);
    if (wanted && asked.get(item) !== text) {
      asked.set(item, text);
      settle();
      waiting = setTimeout(() => {
        settle();
        draw();
      }, COUNTING_AT_MOST);
      link.send({ kind: "ask", item, definition: wanted });
    }
    draw();
  };
  // A choice may change several fields at once: one question for all of them.
  const plan = () => {
    if (planned) return;
    planned = true;
    queueMicrotask(ask);
  };
  for (const field of watched) binder.watch(item, field, plan);
  binder.follow(model, "change:groups", plan);
  binder.follow(model, "change:asked", () => {
    settle();
    draw();
  });
  binder.listen(link, "message", (event) => {
    const message = event.detail;
    if (message.kind !== "ask-refused" || message.item !== item) return;
    settle();
    draw();
    say(message.text);
  });
  binder.onClose(settle);
  return h("div", {}, none, told, place);
}

/**
 * The groups of the school's own data in one drop-down, which fills in `dimension` and `value`. *none* names the choice of no group;
 * with *wholeIsNone* that is the whole school, which is then not offered a second time.
 * @param {Page} page
 * @param {{item: string, label: string, about: string, none: string, wholeIsNone?: boolean, hint?: string}} options
 */
export function groupPicker(page, { item, label, about, none, wholeIsNone = false, hint = "" }) {
  const { binder, link, model } = page;
  const select = h("select", { "data-key": `${item}::value` });
  /** @type {({dimension: string, value: string} | null)[]} */
  let choices = [null];
  const current = () => {
    const dimension = link.value(item, "dimension");
    return dimension && !(wholeIsNone && dimension === WHOLE) ? { dimension: String(dimension), value: String(link.value(item, "value") ?? "") } : null;
  };
  const index = () => {
    const now = current();
    return now ? choices.findIndex((choice) => choice?.dimension === now.dimension && choice.value === now.value) : 0;
  };
  const fill = () => {
    const groups = groupsOf(page).filter((group) => !wholeIsNone || group.dimension !== WHOLE);
    choices = [null, ...groups.map(({ dimension, value }) => ({ dimension, value }))];
    const sets = [...new Set(groups.map((group) => group.dimension_label))].map((name) =>
      h("optgroup", { label: name }, ...groups.filter((group) => group.dimension_label === name).map((group) => h("option", { value: groups.indexOf(group) + 1 }, group.label))),
    );
    select.replaceChildren(h("option", { value: 0 }, none), ...sets);
    const now = current();
    if (now && index() < 0) {
      choices.push(now);
      select.append(h("option", { value: choices.length - 1 }, groups.length ? `${now.value} (niet in deze cijfers)` : now.value));
    }
    select.value = String(index());
  };
  select.addEventListener("change", () => {
    const choice = choices[Number(select.value)];
    link.change(item, "dimension", choice?.dimension ?? null, select);
    link.change(item, "value", choice?.value ?? null, select);
  });
  const follow = (/** @type {any} */ source) => {
    if (source !== select) fill();
  };
  binder.watch(item, "dimension", follow);
  binder.watch(item, "value", follow);
  binder.follow(model, "change:groups", fill);
  return binder.framed({ control: select, label, about, hint, mark: binder.savedMark(item, "value") });
}
