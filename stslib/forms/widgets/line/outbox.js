// @ts-check
// Edits that the journal has not acknowledged yet, in the browser's local storage: typing survives a dead kernel, a dead server,
// a closed tab and a closed lid. Each field has a key of its own, so two tabs never overwrite each other's list.

/** @typedef {{edit_id: string, item: string, field: string, value: any, seen: number, made: number}} Edit */

export class Outbox {
  /**
   * @param {string} session
   * @param {string} writer
   * @param {Storage | null} storage null where the browser forbids it; edits then live in memory only
   */
  constructor(session, writer, storage) {
    this.prefix = `sts:outbox:${session}:`;
    this.writer = writer;
    this.storage = storage;
    this.safe = storage !== null;
    /** @type {Map<string, string>} */
    this.memory = new Map();
  }

  /** @param {{item: string, field: string}} edit */
  key(edit) {
    return `${this.prefix}${this.writer}:${edit.item}::${edit.field}`;
  }

  /** Keep *edit*, in place of an older one for the same field. @param {Edit} edit */
  put(edit) {
    const text = JSON.stringify(edit);
    this.memory.set(this.key(edit), text);
    if (!this.storage) return;
    try {
      this.storage.setItem(this.key(edit), text);
      this.safe = true;
    } catch {
      this.safe = false;
    }
  }

  /** Forget *edit* unless the field was changed again since. @param {{edit_id: string, item: string, field: string}} edit */
  remove(edit) {
    for (const key of this.keys()) {
      const kept = this.read(key);
      if (kept && kept.edit_id === edit.edit_id) {
        this.memory.delete(key);
        this.storage?.removeItem(key);
      }
    }
  }

  /** All edits of this session that still wait, from this tab and from tabs that are gone, oldest first. @returns {Edit[]} */
  waiting() {
    const edits = /** @type {Edit[]} */ (this.keys().map((key) => this.read(key)).filter((edit) => edit !== null));
    return edits.sort((one, other) => one.made - other.made);
  }

  keys() {
    const keys = new Set([...this.memory.keys()]);
    for (let index = 0; this.storage && index < this.storage.length; index += 1) {
      const key = this.storage.key(index);
      if (key && key.startsWith(this.prefix)) keys.add(key);
    }
    return [...keys];
  }

  /** @param {string} key @returns {Edit | null} */
  read(key) {
    const text = this.storage?.getItem(key) ?? this.memory.get(key);
    if (!text) return null;
    try {
      const edit = JSON.parse(text);
      return edit && edit.edit_id && edit.item && edit.field ? edit : null;
    } catch {
      return null;
    }
  }
}

/** The browser's local storage, or null where it is forbidden. @returns {Storage | null} */
export function localStore() {
  try {
    localStorage.setItem("sts:probe", "1");
    localStorage.removeItem("sts:probe");
    return localStorage;
  } catch {
    return null;
  }
}
