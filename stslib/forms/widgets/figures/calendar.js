// @ts-check
// The school's own week and free days: what counts as a possible half day.

import { h, uniqueId } from "../dom.js";

const DAYS = [
  ["monday", "maandag"],
  ["tuesday", "dinsdag"],
  ["wednesday", "woensdag"],
  ["thursday", "donderdag"],
  ["friday", "vrijdag"],
];
const HALF_NAMES = [
  ["VM", "voormiddag"],
  ["NM", "namiddag"],
];

/** @param {any} about */
export function buildSchoolWeek(about) {
  const id = uniqueId("free");
  const hintId = uniqueId("hint");
  let touched = false;
  const free = h("textarea", { id, rows: 3, "aria-describedby": hintId, oninput: () => (touched = true) });
  /** @type {Map<string, any>} */
  const boxes = new Map();
  const cell = (/** @type {string} */ day, /** @type {string} */ half, /** @type {string} */ label) => {
    const box = h("input", { type: "checkbox", "aria-label": label, onchange: () => (touched = true) });
    box.checked = about.grid[day].includes(half);
    boxes.set(`${day} ${half}`, box);
    return h("td", {}, box);
  };
  const grid = h(
    "table",
    { class: "sts-week" },
    h("caption", {}, "Wanneer is er les?"),
    h("thead", {}, h("tr", {}, h("td", {}), ...DAYS.map(([, name]) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...HALF_NAMES.map(([half, name]) => h("tr", {}, h("th", { scope: "row" }, name), ...DAYS.map(([day, dayName]) => cell(day, half, `les op ${dayName}${name}`))))),
  );
  const set = (/** @type {{grid: Record<string, string[]>, free: string}} */ week) => {
    for (const [key, box] of boxes) {
      const [day, half] = key.split(" ");
      box.checked = week.grid[day].includes(half);
    }
    free.value = week.free;
  };
  const element = h(
    "details",
    { class: "sts-school-week" },
    h("summary", {}, "Vrije dagen en weekrooster van de school"),
    h("p", { class: "sts-hint" }, "De schoolvakanties en feestdagen zijn gekend. Wat hier anders is, verandert hoeveel halve dagen mogelijk zijn."),
    h("div", { class: "sts-week-parts" }, grid, h("div", { class: "sts-field" }, h("label", { for: id }, "Eigen vrije dagen"), h("p", { class: "sts-hint", id: hintId }, "Eén per regel: een dag (06/02/2026), of een periode (06/02/2026 - 09/02/2026)."), free)),
  );
  return {
    element,
    /** What the school said last time, unless somebody is changing it now. @param {{grid: Record<string, string[]>, free: string} | null} week */
    propose(week) {
      if (week && !touched) set(week);
    },
    values() {
      const chosen = DAYS.map(([day]) => [day, HALF_NAMES.map(([half]) => half).filter((half) => boxes.get(`${day} ${half}`).checked)]);
      return { grid: Object.fromEntries(chosen), free_days: free.value };
    },
  };
}
