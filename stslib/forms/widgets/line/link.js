// @ts-check
// The line between the fields on the page and the journal behind the kernel. A change goes into the outbox first, then to the
// kernel; it counts as saved when the kernel answers with the journal's revision and time, and not a moment before.

import { randomHex } from "../dom.js";
import { History } from "./history.js";
import { Outbox, localStore } from "./outbox.js";

const SEND_AFTER = 200; // ms without typing
const SEND_AT_LATEST = 800; // ms after the first unsent change
const RESEND_AFTER = 3000; // ms without an answer; sending twice is harmless
const PING_EVERY = 1500;
const SILENCE = 4000; // ms without any answer before the page says that the line is gone

const ROW = /\.[0-9a-f]{8}$/; // an item that a person added

/** `from` is the day of the earlier session that a value was carried over from. */
/** @typedef {{value: any, revision: number, at: string, from?: string, refused?: string, other?: any}} Field */

/** Name of this tab, the same after a reload. */
export function writerName() {
  try {
    const known = sessionStorage.getItem("sts:writer");
    if (known) return known;
    const fresh = randomHex(8);
    sessionStorage.setItem("sts:writer", fresh);
    return fresh;
  } catch {
    return randomHex(8);
  }
}

export class SessionLink extends EventTarget {
  /** @param {any} model the widget's model: `session` (id) and `values` ("item::field" -> [value, revision, "14:03", from]) */
  constructor(model) {
    super();
    this.model = model;
    this.writer = writerName();
    this.outbox = new Outbox(model.get("session"), this.writer, localStore());
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    for (const [key, [value, revision, at, from]] of Object.entries(model.get("values"))) {
      this.fields.set(key, { value, revision, at, from });
    }
    /** @type {Map<string, import("./outbox.js").Edit>} */
    this.pending = new Map();
    this.history = new History(this);
    this.firstUnsent = 0;
    this.sentAt = 0;
    this.heard = performance.now();
    this.offline = false;
    this.lastSaved = "";
    this.timer = 0;
    /** @type {(message: any) => void} */
    this.onMessage = (message) => this.receive(message);
    model.on("msg:custom", this.onMessage);
    this.takeInWaiting();
    this.pulse = setInterval(() => this.beat(), PING_EVERY);
    this.onHide = () => this.flush();
    addEventListener("pagehide", this.onHide);
    document.addEventListener("visibilitychange", this.onHide);
    this.watchKernel();
    setTimeout(() => this.send({ kind: "ping", writer: this.writer }), 0); // says that the form is shown
  }

  close() {
    clearInterval(this.pulse);
    clearTimeout(this.timer);
    removeEventListener("pagehide", this.onHide);
    document.removeEventListener("visibilitychange", this.onHide);
    this.model.off("msg:custom", this.onMessage);
  }

  /** @param {string} item @param {string} field */
  value(item, field) {
    return this.fields.get(`${item}::${field}`)?.value ?? null;
  }

  /** @param {string} item @param {string} field @returns {Field | undefined} */
  field(item, field) {
    return this.fields.get(`${item}::${field}`);
  }

  /** The items below *prefix* that nobody removed, in the order in which they were first written. @param {string} prefix @param {string} [mark] a field each has */
  rows(prefix, mark) {
    const items = new Set();
    for (const key of this.fields.keys()) {
      const [item, field] = key.split("::");
      if (/^[0-9a-f]{8}$/.test(item.slice(prefix.length)) && item.startsWith(prefix) && (!mark || field === mark)) items.add(item);
    }
    return [...items].filter((item) => this.value(item, "removed") !== true);
  }

  /** @param {string} item @param {string} field */
  isWaiting(item, field) {
    return this.pending.has(`${item}::${field}`);
  }

  /** A person changed a field. @param {string} item @param {string} field @param {any} value @param {any} [source] */
  change(item, field, value, source) {
    const key = `${item}::${field}`;
    const known = this.fields.get(key) ?? { value: null, revision: 0, at: "" };
    const fresh = ROW.test(item) && !this.isKnown(item);
    const edit = { edit_id: randomHex(32), item, field, value, seen: known.revision, made: Date.now() };
    this.outbox.put(edit);
    this.pending.set(key, edit);
    this.fields.set(key, { ...known, value, from: undefined, refused: undefined, other: undefined });
    this.history.record({ item, field, before: known.value, value, fresh, source });
    this.announce(key, source);
    if (!this.firstUnsent) this.firstUnsent = performance.now();
    clearTimeout(this.timer);
    const left = SEND_AT_LATEST - (performance.now() - this.firstUnsent);
    this.timer = setTimeout(() => this.flush(), Math.max(0, Math.min(SEND_AFTER, left)));
  }

  /** Whether any field of an item was ever written. @param {string} item */
  isKnown(item) {
    for (const key of this.fields.keys()) if (key.startsWith(`${item}::`)) return true;
    return false;
  }

  /** Send everything that waits, now. */
  flush() {
    clearTimeout(this.timer);
    this.firstUnsent = 0;
    const edits = [...this.pending.values()];
    if (edits.length === 0) return;
    this.sentAt = performance.now();
    this.send({ kind: "edits", writer: this.writer, edits });
  }

  /** @param {any} message @param {ArrayBuffer[]} [buffers] */
  send(message, buffers) {
    try {
      this.model.send(message, undefined, buffers);
    } catch {
      this.setOffline(true);
    }
  }

  /** Text that an earlier page could not deliver comes back into its fields and is sent again. */
  takeInWaiting() {
    for (const edit of this.outbox.waiting()) {
      const key = `${edit.item}::${edit.field}`;
      const known = this.fields.get(key) ?? { value: null, revision: 0, at: "" };
      this.pending.set(key, edit);
      this.fields.set(key, { ...known, value: edit.value });
    }
    if (this.pending.size) setTimeout(() => this.flush(), 0);
  }

  /** @param {any} message */
  receive(message) {
    this.heard = performance.now();
    this.setOffline(false);
    if (message.kind === "acks") message.acks.forEach((/** @type {any} */ ack) => this.acknowledge(ack));
    else if (message.kind === "remote") message.entries.forEach((/** @type {any} */ entry) => this.takeOver(entry));
    else if (message.kind === "trouble") {
      this.trouble = message.text;
      this.announceStatus();
    }
    else if (message.kind === "pinned" && message.item) this.history.recordMade(message.item);
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  /** @param {any} ack */
  acknowledge(ack) {
    const key = `${ack.item}::${ack.field}`;
    const waiting = this.pending.get(key);
    const known = this.fields.get(key);
    if (!known) return;
    this.trouble = "";
    if (ack.refused) {
      this.fields.set(key, { ...known, refused: ack.refused });
      if (waiting?.edit_id === ack.edit_id) this.pending.delete(key);
    } else {
      this.outbox.remove(ack);
      this.fields.set(key, { ...known, revision: ack.revision, at: ack.at, other: ack.other ?? undefined, refused: undefined });
      if (ack.other !== undefined) this.history.markTheirs(ack.item, ack.field);
      this.lastSaved = ack.at;
      if (waiting?.edit_id === ack.edit_id) this.pending.delete(key);
      else if (waiting) this.outbox.put(Object.assign(waiting, { seen: ack.revision }));
    }
    this.announce(key, null);
  }

  /** Another window wrote a field. @param {any} entry */
  takeOver(entry) {
    const key = `${entry.item}::${entry.field}`;
    if (this.pending.has(key)) return; // our own change is under way; the journal tells of a conflict when it arrives
    const known = this.fields.get(key);
    if (known && known.revision >= entry.revision) return;
    this.fields.set(key, { value: entry.value, revision: entry.revision, at: entry.at, other: entry.other ?? undefined });
    this.history.markTheirs(entry.item, entry.field);
    this.announce(key, null);
  }

  beat() {
    const now = performance.now();
    if (this.pending.size && now - this.sentAt > RESEND_AFTER && !this.firstUnsent) this.flush();
    this.send({ kind: "ping", writer: this.writer });
    // A tab that slept hears nothing either: only silence while this timer kept running counts.
    if (this.lastBeat && now - this.lastBeat > 2 * PING_EVERY) this.heard = now;
    this.lastBeat = now;
    if (now - this.heard > SILENCE) this.setOffline(true);
  }

  /** The kernel connection tells of a death sooner than silence does, where the front end lets us see it. */
  watchKernel() {
    const kernel = this.model.widget_manager?.kernel ?? this.model.widget_manager?.context?.sessionContext?.session?.kernel;
    kernel?.connectionStatusChanged?.connect?.((/** @type {any} */ _, /** @type {string} */ status) => {
      if (status !== "connected") this.setOffline(true);
      else this.flush();
    });
    kernel?.statusChanged?.connect?.((/** @type {any} */ _, /** @type {string} */ status) => {
      if (["dead", "terminating", "restarting", "autorestarting"].includes(status)) this.setOffline(true);
    });
    addEventListener("offline", () => this.setOffline(!["127.0.0.1", "localhost", "[::1]"].includes(location.hostname)));
  }

  /** @param {boolean} offline */
  setOffline(offline) {
    if (this.offline === offline) return;
    this.offline = offline;
    if (!offline) this.flush();
    this.dispatchEvent(new Event("line"));
    this.announceStatus();
  }

  /** @param {string} key @param {any} source */
  announce(key, source) {
    const [item, field] = key.split("::");
    this.dispatchEvent(new CustomEvent("field", { detail: { key, item, field, source } }));
    this.announceStatus();
  }

  announceStatus() {
    this.dispatchEvent(new Event("status"));
  }
}

/** @type {Map<string, SessionLink>} One link per session: several views of it share outbox and values. */
const links = new Map();

/** The link of a widget's session, made when it is not there yet. @param {any} model */
export function linkOf(model) {
  const session = model.get("session");
  const link = links.get(session) ?? new SessionLink(model);
  links.set(session, link);
  return link;
}

/** @param {SessionLink} link */
export function dropLink(link) {
  link.close();
  for (const [session, one] of links) if (one === link) links.delete(session);
}

/** What the page says about saving, in one line. @param {SessionLink} link */
export function statusText(link) {
  const waiting = link.pending.size;
  const many = waiting === 1 ? "1 wijziging staat" : `${waiting} wijzigingen staan`;
  if (link.offline) {
    const held = waiting ? ` ${many} veilig in deze browser.` : "";
    return `Geen verbinding. Typ gerust verder: alles blijft in deze browser en wordt bewaard zodra er weer verbinding is.${held}`;
  }
  if (link.trouble) return `${link.trouble} ${waiting ? `${many} veilig in deze browser.` : ""}`;
  if (!link.outbox.safe && waiting) return "Deze browser kan niets bijhouden zonder verbinding: wacht tot er 'bewaard' staat voor je sluit.";
  if (waiting) return "Bewaren…";
  return link.lastSaved ? `Alles bewaard om ${link.lastSaved}` : "Alles bewaard";
}
