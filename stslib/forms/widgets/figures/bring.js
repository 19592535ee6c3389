// @ts-check
// Bringing in an export: choose files, look at what each column is, read, look at the report, and only then keep.

import { h, uniqueId } from "../dom.js";
import { buildSchoolWeek } from "./calendar.js";
import { ColumnsPreview } from "./preview.js";
import { buildReport } from "./report.js";
import { Transfer } from "./transfer.js";

/** @typedef {import("../figures_page.js").FiguresView} View */

const FILES = [
  ["export", "Export van afwezigheden", "Verplicht. Een lijst van halve dagen, dagen of periodes, een matrix, of totalen per code."],
  ["enrolment", "Inschrijvingen", "Wie zat wanneer in welke klas: leerling, klas, van, tot. Zo tellen ook leerlingen mee die nooit afwezig waren."],
  ["classes", "Klassen", "Klas, graad, leerjaar, finaliteit of stroom, niveau."],
];
const MEGABYTE = 1_000_000;

/** @param {View} page @param {any} panel */
export function buildBring(page, panel) {
  new Bringing(page, panel);
}

class Bringing {
  /** @param {View} page @param {any} panel */
  constructor(page, panel) {
    this.page = page;
    this.transfer = new Transfer(page);
    /** @type {Map<string, any>} */
    this.inputs = new Map();
    /** @type {Map<string, File>} What came over already. */
    this.over = new Map();
    this.busy = false;
    /** @type {(() => void)[]} */
    this.names = [];
    this.preview = new ColumnsPreview(page.about, () => this.look());
    this.week = buildSchoolWeek(page.about);
    this.build(panel);
    page.binder.listen(page.link, "message", (event) => this.receive(event.detail));
    page.binder.follow(page.model, "change:stored", () => this.drawStored());
    page.binder.onClose(() => this.clear());
  }

  /** @param {any} panel */
  build(panel) {
    const { about } = this.page;
    const yearId = uniqueId("year");
    this.year = h("select", { id: yearId, onchange: () => this.preview.known() && this.look() }, ...about.school_years.map((/** @type {string} */ year) => h("option", {}, year)));
    this.year.value = about.proposed_year;
    this.lookButton = h("button", { type: "button", class: "sts-primary", onclick: () => this.look() }, "Bestanden bekijken");
    this.readButton = h("button", { type: "button", class: "sts-primary", onclick: () => this.read() }, "Lezen en verslag maken");
    this.stopButton = h("button", { type: "button", class: "sts-secondary", hidden: true, onclick: () => this.stop() }, "Stoppen");
    this.progress = h("progress", { max: 1, value: 0, hidden: true, "aria-label": "Voortgang" });
    this.doing = h("p", { class: "sts-hint" });
    this.told = h("div", { role: "status" });
    this.report = h("div", {});
    this.second = h(
      "section",
      { class: "sts-panel", hidden: true, "aria-labelledby": "sts-bring-columns" },
      h("h3", { id: "sts-bring-columns", tabindex: -1 }, "2. Wat is elke kolom?"),
      this.preview.element,
      this.week.element,
      h("p", { class: "sts-buttons" }, this.readButton),
    );
    this.stored = h("div", {});
    const zone = h("div", { class: "sts-grid sts-bring-files" }, h("div", { class: "sts-field" }, h("label", { for: yearId }, "Schooljaar van de export"), h("p", { class: "sts-hint" }, "Eén schooljaar per keer."), this.year), ...FILES.map((one) => this.fileField(one)));
    this.takeDrops(zone);
    panel.append(
      h("h2", {}, "Een export inbrengen"),
      h(
        "p",
        { class: "sts-intro" },
        "Namen, rijksregisternummers, geboortedata, adressen en opmerkingen vallen weg bij het lezen. Leerlingen krijgen een willekeurige schuilnaam. Er wordt niets bewaard voor je dat zelf beslist.",
      ),
      this.stored,
      h(
        "section",
        { class: "sts-panel", "aria-labelledby": "sts-bring-files" },
        h("h3", { id: "sts-bring-files" }, "1. De bestanden uit jullie schoolpakket"),
        h("p", { class: "sts-hint" }, `CSV, TXT, XLSX, XLS of ODS, tot ${Math.round(about.limit / MEGABYTE)} MB. Kies ze, of sleep ze hierheen.`),
        zone,
        h("p", { class: "sts-buttons" }, this.lookButton),
      ),
      this.second,
      h("p", { class: "sts-buttons" }, this.stopButton),
      this.progress,
      this.doing,
      this.told,
      this.report,
    );
    this.drawStored();
  }

  /** @param {string[]} of */
  fileField([role, label, hint]) {
    const id = uniqueId("file");
    const hintId = uniqueId("hint");
    const input = h("input", { id, type: "file", accept: ".csv,.txt,.tsv,.xlsx,.xls,.ods", "aria-describedby": hintId });
    this.inputs.set(role, input);
    const name = h("span", {});
    const draw = () => {
      name.replaceChildren(input.files?.[0]?.name ?? "nog geen");
      name.title = input.files?.[0]?.name ?? "";
    };
    this.names.push(draw);
    draw();
    input.addEventListener("change", () => {
      draw();
      this.chosen(role);
    });
    return h(
      "div",
      { class: "sts-field", "data-role": role },
      h("label", { for: id }, label),
      h("p", { class: "sts-hint", id: hintId }, hint),
      h("div", { class: "sts-file" }, h("b", { "aria-hidden": "true" }, "Kies bestand"), name, input),
    );
  }

  /** Files that are dropped go to the field they are dropped on, several at once by their names. @param {any} zone */
  takeDrops(zone) {
    const over = (/** @type {any} */ event) => {
      event.preventDefault();
      zone.toggleAttribute("data-over", true);
    };
    zone.addEventListener("dragenter", over);
    zone.addEventListener("dragover", over);
    zone.addEventListener("dragleave", () => zone.toggleAttribute("data-over", false));
    zone.addEventListener("drop", (/** @type {any} */ event) => {
      event.preventDefault();
      zone.toggleAttribute("data-over", false);
      const dropped = [...(event.dataTransfer?.files ?? [])];
      const at = event.target.closest?.("[data-role]")?.dataset.role;
      for (const file of dropped) {
        const role = dropped.length === 1 && at ? at : roleOf(file.name);
        const held = new DataTransfer();
        held.items.add(file);
        const input = this.inputs.get(role);
        input.files = held.files;
        input.dispatchEvent(new Event("change"));
      }
    });
  }

  /** Another file was chosen: what was seen of the one before is gone. @param {string} role */
  chosen(role) {
    this.over.delete(role);
    this.page.link.send({ kind: "file-away", role });
    this.preview.forget(role);
    this.second.hidden = !this.preview.known();
    this.report.replaceChildren();
    this.told.replaceChildren();
  }

  drawStored() {
    const stored = this.page.model.get("stored");
    if (!stored) return this.stored.replaceChildren();
    this.stored.replaceChildren(
      stored.length
        ? h("div", { class: "sts-message", "data-level": "good" }, h("p", {}, h("strong", {}, "Bewaard: "), stored.map((/** @type {any} */ one) => one.told).join(" ")))
        : h("p", { class: "sts-empty" }, "Van deze school zijn nog geen cijfers bewaard."),
    );
  }

  // -- what a person asks ------------------------------------------------------------------------------------------------------

  /** Bring over what did not come over yet, and ask what its columns are. */
  async look() {
    const chosen = [...this.inputs].map(([role, input]) => ({ role, file: input.files?.[0] })).filter((one) => one.file);
    const wrong = chosen.some((one) => one.role === "export") ? this.unfit(chosen) : ["Nog geen export gekozen.", "Kies bij 'Export van afwezigheden' het bestand uit jullie schoolpakket."];
    if (wrong) return this.tell("error", wrong[0], wrong[1]);
    this.setBusy(true);
    this.report.replaceChildren();
    this.told.replaceChildren();
    const fresh = chosen.filter(({ role, file }) => this.over.get(role) !== file);
    if (fresh.length && !(await this.transfer.bring(fresh, (label, share) => this.showProgress(label, 0.5 * share)))) return;
    for (const { role, file } of fresh) this.over.set(role, file);
    this.page.link.send({ kind: "look", school_year: this.year.value, mapping: this.preview.mapping() });
  }

  /** @param {{role: string, file: File}[]} chosen */
  unfit(chosen) {
    const { limit } = this.page.about;
    for (const { file } of chosen) {
      const size = (/** @type {number} */ bytes) => `${(bytes / MEGABYTE).toFixed(0)} MB`;
      if (file.size > limit) return [file.name, `Dit bestand is ${size(file.size)}; de grens is ${size(limit)}. Maak de export per schooljaar en zonder afbeeldingen, of bewaar hem als CSV.`];
      if (file.size === 0) return [file.name, "Dit bestand is leeg. Maak de export opnieuw en kies dat bestand."];
    }
    return null;
  }

  /** @param {{years?: Record<string, string>, codes?: Record<string, string>}} [said] what a person said of the report before: years of classes, meanings of codes */
  read(said) {
    this.said = said ? { ...this.said, ...said } : {};
    this.setBusy(true);
    this.told.replaceChildren();
    this.report.replaceChildren();
    this.page.link.send({ kind: "read", school_year: this.year.value, mapping: this.preview.mapping(), years: {}, codes: {}, ...this.said, ...this.week.values() });
  }

  stop() {
    this.transfer.stop();
    this.over.clear();
    this.page.link.send({ kind: "stop" });
    this.tell("warning", "Gestopt.", "Er is niets bewaard. Je kunt opnieuw beginnen.");
    this.second.hidden = true;
    this.preview.clear();
    this.lookButton.focus();
  }

  /** Nothing of a file stays on a page that is left. */
  clear() {
    this.preview.clear();
    this.report.replaceChildren();
    for (const input of this.inputs.values()) input.value = "";
  }

  // -- what the kernel answers -------------------------------------------------------------------------------------------------

  /** @param {any} message */
  receive(message) {
    if (message.kind === "progress") return this.showProgress(message.label, message.share);
    if (message.kind === "preview") return this.showPreview(message);
    if (message.kind === "report") return this.showReport(message);
    if (message.kind === "refused") {
      if (message.lost) this.over.clear();
      this.tell("error", message.place, `${message.fact} ${message.remedy}`);
    } else if (message.kind === "kept") {
      this.tell("good", "Bewaard.", message.text, h("p", { class: "sts-buttons" }, h("button", { type: "button", class: "sts-primary", onclick: () => this.page.open(this.page.about.parts[0].id) }, "Naar de figuren")));
      this.finish();
    } else if (message.kind === "dropped") {
      this.tell("warning", "Niet bewaard.", "De gelezen bestanden zijn weer weg.");
      this.finish();
    }
  }

  /** What was read is kept or gone: the next file begins anew. */
  finish() {
    this.over.clear();
    this.clear();
    for (const draw of this.names) draw();
    this.second.hidden = true;
  }

  /** @param {any} message */
  showPreview(message) {
    this.setBusy(false);
    const first = this.second.hidden;
    this.second.hidden = false;
    this.preview.show(message);
    this.week.propose(message.week);
    this.readButton.disabled = !message.readable;
    if (first) this.second.querySelector("h3").focus();
  }

  /** @param {any} message */
  showReport(message) {
    this.setBusy(false);
    this.told.replaceChildren();
    this.report.replaceChildren(buildReport(this.page, message, { corrected: this.preview.corrected(), again: (said) => this.read(said) }));
    this.report.querySelector("h3")?.focus();
  }

  /** @param {string} label @param {number} share */
  showProgress(label, share) {
    if (!this.busy) return;
    this.progress.hidden = false;
    this.progress.value = share;
    this.doing.replaceChildren(label);
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.busy = busy;
    this.lookButton.disabled = busy;
    this.readButton.disabled = busy;
    this.stopButton.hidden = !busy;
    if (!busy) {
      this.progress.hidden = true;
      this.doing.replaceChildren();
    }
  }

  /** @param {string} level @param {string} title @param {string} text @param {any[]} more */
  tell(level, title, text, ...more) {
    this.setBusy(false);
    this.told.replaceChildren(h("div", { class: "sts-message", "data-level": level }, h("p", {}, h("strong", {}, title), ` ${text}`), ...more));
  }
}

/** What a file seems to be, by its name. @param {string} name */
function roleOf(name) {
  if (/inschr|enrol/i.test(name)) return "enrolment";
  return /klas/i.test(name) ? "classes" : "export";
}
