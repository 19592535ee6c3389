// @ts-check
// What this window changed, so that it can be taken back step by step and done again. Taking back writes a new entry, as any change
// does: nothing leaves the journal. What somebody else changed since is never written over.

import { h } from "../dom.js";
import { changeWords } from "./words.js";

/** @typedef {{item: string, field: string, before: any, after: any, fresh: boolean, text: boolean, theirs: boolean}} Part one field of a step; *fresh* when it made the item */
/** @typedef {{parts: Part[], open: any}} Step what one gesture changed; *open* is the text field that is still being typed in */

const MOST_STEPS = 100;

/** @param {any} one @param {any} other */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @param {any} element */
export function isTextField(element) {
  if (!(element instanceof HTMLElement)) return false;
  if (element instanceof HTMLInputElement) return !["radio", "checkbox", "button", "file"].includes(element.type);
  return element instanceof HTMLTextAreaElement || element.isContentEditable;
}

export class History extends EventTarget {
  /** @param {import("./link.js").SessionLink} link */
  constructor(link) {
    super();
    this.link = link;
    /** @type {Step[]} */
    this.done = [];
    /** @type {Step[]} */
    this.undone = [];
    /** @type {Step | null} What is changed in one go belongs together: a choice of focus takes back the one before. */
    this.gesture = null;
    this.replaying = false;
  }

  /** A field was changed by a person, here. @param {{item: string, field: string, before: any, value: any, fresh: boolean, source: any}} change */
  record({ item, field, before, value, fresh, source }) {
    if (this.replaying) return;
    const typed = isTextField(source);
    const last = this.done[this.done.length - 1];
    if (typed && last?.open === source && last.parts[0].field === field && last.parts[0].item === item) {
      last.parts[0].after = value;
      if (same(last.parts[0].before, value) || (last.parts[0].before === null && value === "")) this.done.pop();
    } else if (!same(before, value) || fresh) {
      const step = this.gesture ?? this.begin(typed ? source : null);
      step.parts.push({ item, field, before, after: value, fresh, text: typed, theirs: false });
    }
    this.undone = [];
    this.tell();
  }

  /** @param {any} open @returns {Step} */
  begin(open) {
    /** @type {Step} */
    const step = { parts: [], open };
    if (open) open.addEventListener("blur", () => (step.open = null), { once: true }); // a visit to a field is one step
    else {
      this.gesture = step;
      queueMicrotask(() => (this.gesture = null));
    }
    this.done = [...this.done, step].slice(-MOST_STEPS);
    return step;
  }

  /** Something that the kernel wrote for this window. @param {string} item */
  recordMade(item) {
    this.begin(null).parts.push({ item, field: "removed", before: null, after: null, fresh: true, text: false, theirs: false });
    this.undone = [];
    this.tell();
  }

  /** Somebody else wrote a field. @param {string} item @param {string} field */
  markTheirs(item, field) {
    for (const step of [...this.done, ...this.undone]) {
      for (const part of step.parts) if (part.item === item && part.field === field) part.theirs = true;
    }
  }

  /** Take the last step back. @returns {{step: Step, refused: boolean} | null} */
  undo() {
    return this.turn(this.done, this.undone, true);
  }

  /** Do again what was taken back last. @returns {{step: Step, refused: boolean} | null} */
  redo() {
    return this.turn(this.undone, this.done, false);
  }

  /** @param {Step[]} from @param {Step[]} to @param {boolean} back */
  turn(from, to, back) {
    const step = from.pop();
    if (!step) return null;
    step.open = null;
    const made = new Set(step.parts.filter((part) => part.fresh).map((part) => part.item));
    const refused = step.parts.some((part) => part.theirs || (!made.has(part.item) && !same(this.now(part), wanted(part, !back))));
    if (!refused) {
      this.replaying = true;
      for (const item of made) this.link.change(item, "removed", back ? true : null);
      for (const part of back ? [...step.parts].reverse() : step.parts) {
        if (!made.has(part.item)) this.link.change(part.item, part.field, wanted(part, back));
      }
      this.replaying = false;
      to.push(step);
    }
    this.tell();
    return { step, refused };
  }

  /** @param {Part} part */
  now(part) {
    const value = this.link.value(part.item, part.field);
    return value === null && wanted(part, true) === "" ? "" : value;
  }

  tell() {
    this.dispatchEvent(new Event("step"));
  }
}

/** The value of a part before or after its step; text that was not there yet is empty text. @param {Part} part @param {boolean} before */
function wanted(part, before) {
  const value = before ? part.before : part.after;
  return value === null && (part.text || part.field === "origin") ? "" : value;
}

/**
 * The buttons that take back and do again, and Ctrl+Z and Ctrl+Y outside text fields.
 * @param {{binder: import("../fields/fields.js").Binder, root: any, nameOf?: (item: string, field: string) => string}} page
 */
export function historyLine({ binder, root, nameOf = () => "" }) {
  const { link } = binder;
  const { history } = link;
  const words = (/** @type {Step} */ step) => changeWords(step.parts, link, (item, field) => nameOf(item, field) || labelOf(root, item, field));
  const back = h("button", { type: "button", class: "sts-back", "aria-keyshortcuts": "Control+Z", hidden: true });
  const again = h("button", { type: "button", class: "sts-back", "aria-keyshortcuts": "Control+Y", hidden: true });
  const told = h("span", { class: "sts-unseen", role: "status" });
  const refusal = h("span", { class: "sts-back-refused", role: "alert", hidden: true });
  const draw = () => {
    const [last, next] = [history.done[history.done.length - 1], history.undone[history.undone.length - 1]];
    const focused = document.activeElement;
    if (last) back.replaceChildren(`Ongedaan maken: ${words(last)}`);
    if (next) again.replaceChildren("Opnieuw doen");
    again.setAttribute("aria-label", next ? `Opnieuw doen: ${words(next)}` : "Opnieuw doen");
    again.title = next ? `${words(next)} (Ctrl+Y)` : "";
    back.title = "Ctrl+Z, buiten een tekstveld";
    back.hidden = !last;
    again.hidden = !next;
    if (focused === back && back.hidden) again.focus();
    if (focused === again && again.hidden) back.focus();
  };
  /** @param {boolean} backwards */
  const turn = (backwards) => {
    const result = backwards ? history.undo() : history.redo();
    if (!result) return;
    const what = words(result.step);
    refusal.hidden = !result.refused;
    refusal.replaceChildren(result.refused ? `Niet gewijzigd: ${what}. In een ander venster is dit intussen aangepast; kijk het veld zelf na.` : "");
    told.replaceChildren(result.refused ? "" : `${backwards ? "Ongedaan gemaakt" : "Opnieuw gedaan"}: ${what}.`);
    if (!result.refused) show(root, result.step);
  };
  back.addEventListener("click", () => turn(true));
  again.addEventListener("click", () => turn(false));
  binder.listen(document, "keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
    const at = event.composedPath()[0];
    if (isTextField(at) || !(document.body.dataset.voila || root.contains(at))) return;
    event.preventDefault();
    turn(key === "z" && !event.shiftKey);
  });
  binder.listen(history, "step", () => {
    if (!history.replaying) refusal.hidden = true;
    draw();
  });
  draw();
  return h("div", { class: "sts-history" }, refusal, back, again, told);
}

/** What a field on the page is called. @param {any} root @param {string} item @param {string} field */
function labelOf(root, item, field) {
  const found = root.querySelector(`[data-key="${CSS.escape(`${item}::${field}`)}"]`);
  if (!found) return "";
  const label = found.getAttribute("aria-label") ?? (found.querySelector("legend") ?? found.labels?.[0])?.firstChild?.textContent;
  return label ?? "";
}

/** Bring what changed into sight, where it stands on the page. @param {any} root @param {Step} step */
function show(root, step) {
  for (const { item, field } of step.parts) {
    const key = CSS.escape(`${item}::${field}`);
    const place = root.querySelector(`[data-key="${key}"], [data-scale="${CSS.escape(item)}"]`);
    if (place?.checkVisibility?.()) return place.scrollIntoView({ block: "nearest" });
  }
}
