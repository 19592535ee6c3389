// @ts-check
// What comes back in every phase: its aims and conditions, the facilitator's layer, the checklist that closes it, the private note.

import { h } from "../dom.js";
import { asLeft } from "../fields/folds.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

/** @param {Page} page @param {any} phase */
export function buildFrame(page, phase) {
  const { frame } = phase;
  const parts = [
    frame.aims.length > 0 && frameList("Doel", frame.aims),
    frame.conditions.length > 0 && frameList("Voorwaarden", frame.conditions),
    frame.minutes && buildTimer(phase, frame.minutes),
    frame.clb_role.length > 0 && folded("Rol van het CLB", phase, clbRole(frame.clb_role)),
    frame.methods.length > 0 && folded("Methodieken", phase, methodList(frame.methods)),
  ].filter(Boolean);
  if (parts.length === 0) return h("div", { hidden: true });
  return h("section", { class: "sts-frame", "aria-label": `Kader: ${phase.name}` }, ...parts);
}

/** @param {string} title @param {string[]} lines */
function frameList(title, lines) {
  return h("div", { class: "sts-frame-part" }, h("h3", {}, title), h("ul", {}, ...lines.map((line) => h("li", {}, line))));
}

/** @param {string} title @param {any} phase @param {any} body */
function folded(title, phase, body) {
  const element = h("details", { class: "sts-fold" }, h("summary", {}, title, h("span", { class: "sts-unseen" }, ` (${phase.name})`)), body);
  return asLeft(element, `${phase.id}:${title}`);
}

/** @param {{title: string, lines: string[]}[]} groups */
function clbRole(groups) {
  return h(
    "ul",
    { class: "sts-roles" },
    ...groups.map((group) =>
      h(
        "li",
        {},
        group.lines.length ? h("strong", {}, group.title) : group.title,
        group.lines.length > 0 && h("ul", {}, ...group.lines.map((line) => h("li", {}, line))),
      ),
    ),
  );
}

/** @param {{title: string, text: string}[]} methods */
function methodList(methods) {
  return h("dl", { class: "sts-methods" }, ...methods.flatMap((method) => [h("dt", {}, method.title), h("dd", {}, method.text)]));
}

// -- suggested minutes ---------------------------------------------------------------------------------------------------------

/** @type {Map<string, {spent: number, since: number}>} Milliseconds per phase, and when it was started (0: it stands still). */
const timers = new Map();

/** @param {number} milliseconds */
function clockText(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A clock beside the suggested length. It only shows: nothing is closed, opened or sounded by it. @param {any} phase @param {number} minutes */
function buildTimer(phase, minutes) {
  const timer = timers.get(phase.id) ?? { spent: 0, since: 0 };
  timers.set(phase.id, timer);
  const about = `richttijd (${phase.name})`;
  const clock = h("span", { class: "sts-clock", role: "timer", "aria-live": "off", "aria-label": "Verstreken tijd" });
  const told = h("span", { class: "sts-clock-told", role: "status" });
  const start = h("button", { type: "button", class: "sts-secondary" });
  const again = h("button", { type: "button", class: "sts-link", "aria-label": `Opnieuw: ${about}` }, "Opnieuw");
  const element = h(
    "div",
    { class: "sts-timer", role: "group", "aria-label": `Richttijd (${phase.name})` },
    h("span", {}, "Richttijd ", h("strong", {}, minutes === 1 ? "1 minuut" : `${minutes} minuten`)),
    clock,
    start,
    again,
    told,
  );
  let beat = 0;
  let wasShown = false;
  const spent = () => timer.spent + (timer.since ? Math.max(0, Date.now() - timer.since) : 0);
  const draw = () => {
    const over = spent() >= minutes * 60_000;
    const label = timer.since ? "Pauze" : timer.spent ? "Verder" : "Start";
    clock.textContent = clockText(spent());
    element.toggleAttribute("data-over", over);
    if (Boolean(told.textContent) !== over) told.textContent = over ? "richttijd voorbij" : "";
    if (start.textContent !== label) {
      start.textContent = label;
      start.setAttribute("aria-label", `${label}: ${about}`);
    }
    again.disabled = spent() === 0;
  };
  const run = () => {
    clearInterval(beat);
    if (!timer.since) return;
    beat = setInterval(() => {
      wasShown ||= element.isConnected;
      if (!timer.since || (wasShown && !element.isConnected)) clearInterval(beat);
      draw();
    }, 500);
  };
  start.addEventListener("click", () => {
    timer.spent = spent();
    timer.since = timer.since ? 0 : Date.now();
    draw();
    run();
  });
  again.addEventListener("click", () => {
    timer.spent = 0;
    timer.since = 0;
    draw();
    start.focus();
  });
  draw();
  run();
  return element;
}

// -- closing a phase -----------------------------------------------------------------------------------------------------------

/** The checklist of results. It says how far a phase is and holds nobody back. @param {Page} page @param {any} phase */
export function buildResults(page, phase) {
  const { results } = phase.frame;
  if (results.length === 0) return h("div", { hidden: true });
  const line = h("p", { class: "sts-hint", role: "status" });
  const draw = () => {
    const done = results.filter((/** @type {any} */ result) => page.link.value(result.id, "done") === true).length;
    const text = `${done} van ${results.length} afgevinkt; verder gaan kan altijd.`;
    if (line.textContent !== text) line.textContent = text;
  };
  const element = h(
    "section",
    { class: "sts-results", "aria-label": `Resultaat (${phase.name})` },
    h("h3", {}, "Resultaat"),
    ...results.map((/** @type {any} */ result) => page.binder.tick({ item: result.id, field: "done", label: result.text })),
    line,
  );
  for (const result of results) page.binder.watch(result.id, "done", draw);
  return element;
}

// -- the facilitator's own note ------------------------------------------------------------------------------------------------

/**
 * Folded, and out of sight in presentation mode: the room reads along then. On paper and in the archive only when ticked.
 * @param {Page} page
 * @param {any} phase
 */
export function buildNote(page, phase) {
  const { binder, link } = page;
  const told = h("p", { class: "sts-hint" });
  const element = h(
    "details",
    { class: "sts-fold sts-note" },
    h("summary", {}, `Eigen notitie van de begeleider (${phase.name})`),
    h("p", { class: "sts-note-away" }, "Verborgen in presentatiemodus. Zet die uit (toets P) om je notitie te zien."),
    h(
      "div",
      { class: "sts-note-body" },
      binder.textArea({ item: phase.id, field: "note", label: "Notitie", about: `(${phase.name})`, hint: "Voor jezelf: wat valt op, waar kom je op terug?", rows: 3 }),
      binder.tick({ item: phase.id, field: "note_archived", label: "Mee bewaren in het archief", about: `(notitie, ${phase.name})` }),
      told,
    ),
  );
  binder.watch(phase.id, "note_archived", () => {
    const kept = link.value(phase.id, "note_archived") === true;
    element.toggleAttribute("data-archived", kept);
    told.textContent = kept ? "Deze notitie komt in het archief van deze sessie." : "Deze notitie komt niet in het archief zolang je dit niet aanvinkt.";
  });
  const root = document.documentElement;
  const fold = () => {
    if ("stsLarge" in root.dataset) element.open = false;
  };
  const observer = new MutationObserver(fold);
  observer.observe(root, { attributes: true, attributeFilter: ["data-sts-large"] });
  binder.onClose(() => observer.disconnect());
  return element;
}
