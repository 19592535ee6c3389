// @ts-check
// The school's own figures: bring in an export, see what was used, repaired and rejected, and only then keep it.

import { drawCard } from "./pictures/card.js";
import { OWN_KEYS, h, uniqueId } from "./dom.js";

const CHUNK = 512 * 1024; // bytes in one message
const AHEAD = 4; // messages sent before the first answer

const PARTS = [
  ["", "alle afwezigheid"],
  ["unlawful", "ongewettigd"],
  ["lawful", "gewettigd"],
  ["open", "reden nog niet gekend"],
];

class Intake {
  /** @param {any} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.root = h("div", { class: "sts sts-only-figures", ...OWN_KEYS });
    el.append(this.root);
    /** @type {Map<string, (message: any) => void>} */
    this.waiters = new Map();
    /** @type {Map<string, any>} */
    this.inputs = new Map();
    this.onMessage = (/** @type {any} */ message) => this.receive(message);
    this.onCards = () => this.drawCards();
    model.on("msg:custom", this.onMessage);
    model.on("change:cards", this.onCards);
    model.on("change:stored", this.onCards);
    this.build();
    this.drawCards();
  }

  close() {
    this.model.off("msg:custom", this.onMessage);
    this.model.off("change:cards", this.onCards);
    this.model.off("change:stored", this.onCards);
  }

  build() {
    const files = [
      ["export", "Export van afwezigheden", "Verplicht. CSV of XLSX: een rij per leerling en halve dag, of een rij per leerling en dag."],
      ["enrolment", "Inschrijvingen", "Wie zat wanneer in welke klas: leerling, klas, van, tot. Zo tellen ook leerlingen mee die nooit afwezig waren."],
      ["classes", "Klassen", "Klas, graad, leerjaar, finaliteit of stroom, niveau."],
    ];
    const fields = files.map(([role, label, hint]) => {
      const id = uniqueId("file");
      const hintId = uniqueId("hint");
      const input = h("input", { id, type: "file", accept: ".csv,.txt,.tsv,.xlsx", "aria-describedby": hintId });
      this.inputs.set(role, input);
      const name = h("span", {}, "nog geen");
      input.addEventListener("change", () => name.replaceChildren(input.files?.[0]?.name ?? "nog geen"));
      return h(
        "div",
        { class: "sts-field" },
        h("label", { for: id }, label),
        h("p", { class: "sts-hint", id: hintId }, hint),
        h("div", { class: "sts-file" }, h("b", { "aria-hidden": "true" }, "Kies bestand"), name, input),
      );
    });
    const yearId = uniqueId("year");
    this.year = h("select", { id: yearId }, ...this.model.get("school_years").map((/** @type {string} */ year) => h("option", {}, year)));
    this.year.value = this.model.get("school_year");
    this.readButton = h("button", { type: "button", class: "sts-primary", onclick: () => this.read() }, "Bestanden lezen");
    this.stopButton = h("button", { type: "button", class: "sts-secondary", hidden: true, onclick: () => this.stop() }, "Stoppen");
    this.progress = h("progress", { max: 1, value: 0, hidden: true, "aria-label": "Voortgang" });
    this.told = h("div", { role: "status" });
    this.stored = h("p", { class: "sts-hint" });
    this.cards = h("div", { class: "sts-cards" });
    const partId = uniqueId("part");
    this.part = h("select", { id: partId }, ...PARTS.map(([value, name]) => h("option", { value }, name)));
    this.part.addEventListener("change", () => {
      this.cards.replaceChildren(h("p", { class: "sts-empty", role: "status" }, "De figuren worden getekend…"));
      this.model.send({ kind: "status", status: this.part.value });
    });
    this.choice = h("p", { class: "sts-part", hidden: true }, h("label", { for: partId }, "Welke afwezigheid? "), this.part);
    this.root.append(
      h("h2", {}, "Cijfers van de school"),
      h(
        "p",
        { class: "sts-intro" },
        "Namen, rijksregisternummers, geboortedata, adressen en opmerkingen vallen weg bij het lezen. Leerlingen krijgen een willekeurige schuilnaam. Er wordt niets bewaard voor je dat zelf beslist.",
      ),
      this.stored,
      h(
        "div",
        { class: "sts-panel" },
        h("h3", {}, "Een export inbrengen"),
        h("div", { class: "sts-grid" }, h("div", { class: "sts-field" }, h("label", { for: yearId }, "Schooljaar"), h("p", { class: "sts-hint" }, "Waarover de export gaat."), this.year), ...fields),
        h("p", { class: "sts-buttons" }, this.readButton, this.stopButton),
        this.progress,
        this.told,
      ),
      this.choice,
      this.cards,
    );
  }

  /** @param {any} message */
  receive(message) {
    if (message.kind === "chunk-ok") this.waiters.get(`${message.role}:${message.index}`)?.(message);
    else if (message.kind === "progress") this.showProgress(message.label, message.fraction);
    else if (message.kind === "report") this.showReport(message);
    else if (message.kind === "refused") this.tell("error", message.place, `${message.fact} ${message.remedy}`);
    else if (message.kind === "stopped") this.tell("warning", "Gestopt", "Er is niets bewaard. Je kunt opnieuw beginnen.");
    else if (message.kind === "kept") this.tell("good", "Bewaard", message.text);
    else if (message.kind === "dropped") this.tell("warning", "Niet bewaard", "De gelezen bestanden zijn weer weg.");
  }

  /** @param {string} label @param {number} fraction */
  showProgress(label, fraction) {
    this.progress.hidden = false;
    this.progress.value = fraction;
    this.told.replaceChildren(h("p", {}, label));
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.readButton.disabled = busy;
    this.stopButton.hidden = !busy;
    if (!busy) this.progress.hidden = true;
  }

  /** @param {string} level @param {string} title @param {string} text @param {any[]} more */
  tell(level, title, text, ...more) {
    this.setBusy(false);
    this.told.replaceChildren(h("div", { class: "sts-message", "data-level": level }, h("p", {}, h("strong", {}, title), ` ${text}`), ...more));
  }

  async read() {
    const chosen = [...this.inputs].map(([role, input]) => ({ role, file: input.files?.[0] })).filter((one) => one.file);
    const limit = this.model.get("limit");
    if (!chosen.some((one) => one.role === "export")) {
      this.tell("error", "Nog geen export gekozen.", "Kies bij 'Export van afwezigheden' het bestand uit jullie schoolpakket.");
      return;
    }
    for (const { file } of chosen) {
      if (file.size > limit) {
        const size = (/** @type {number} */ bytes) => `${(bytes / 1048576).toFixed(0)} MB`;
        this.tell("error", file.name, `Dit bestand is ${size(file.size)}; de grens is ${size(limit)}. Maak de export per schooljaar en zonder afbeeldingen, of bewaar hem als CSV.`);
        return;
      }
      if (file.size === 0) {
        this.tell("error", file.name, "Dit bestand is leeg. Maak de export opnieuw en kies dat bestand.");
        return;
      }
    }
    this.setBusy(true);
    this.stopped = false;
    const total = chosen.reduce((sum, one) => sum + one.file.size, 0);
    let done = 0;
    for (const { role, file } of chosen) {
      this.model.send({ kind: "file-begin", role, name: file.name, size: file.size });
      const flight = [];
      for (let index = 0; index * CHUNK < file.size; index += 1) {
        if (this.stopped) return;
        const bytes = await file.slice(index * CHUNK, (index + 1) * CHUNK).arrayBuffer();
        const answered = new Promise((resolve) => this.waiters.set(`${role}:${index}`, resolve));
        this.model.send({ kind: "file-chunk", role, index }, undefined, [bytes]);
        flight.push(answered);
        if (flight.length >= AHEAD) await flight.shift();
        done += bytes.byteLength;
        this.showProgress(`${file.name} wordt overgebracht…`, (0.3 * done) / total);
      }
      await Promise.all(flight);
      this.waiters.clear();
    }
    this.model.send({ kind: "read", school_year: this.year.value });
  }

  stop() {
    this.stopped = true;
    this.model.send({ kind: "stop" });
    this.tell("warning", "Gestopt", "Er is niets bewaard. Je kunt opnieuw beginnen.");
  }

  /** @param {any} report */
  showReport(report) {
    const counts = [
      ["rijen", report.rows],
      ["gebruikt", report.used],
      ["hersteld", report.repaired],
      ["afgekeurd", report.rejected],
    ];
    const keep = h("button", { type: "button", class: "sts-primary", onclick: () => this.decide("keep", keep, drop) }, "Bewaren bij deze school");
    const drop = h("button", { type: "button", class: "sts-secondary", onclick: () => this.decide("drop", keep, drop) }, "Niet bewaren");
    this.tell(
      report.rejected ? "warning" : "good",
      "Gelezen, nog niet bewaard.",
      `${report.shape} ${report.period}`,
      h("ul", { class: "sts-counts" }, ...counts.map(([name, count]) => h("li", {}, h("strong", {}, count), name))),
      report.dropped_columns.length > 0 && h("p", {}, `Weggelaten kolommen: ${report.dropped_columns.join(", ")}.`),
      report.unknown_codes.length > 0 && h("p", {}, `Onbekende codes: ${report.unknown_codes.join(", ")}. Ze tellen niet mee als afwezig.`),
      report.findings.length > 0 &&
        h(
          "details",
          { open: report.findings.length <= 6 },
          h("summary", {}, `${report.findings.length} opmerkingen bij het lezen`),
          h("ul", {}, ...report.findings.map((/** @type {any} */ finding) => h("li", {}, h("strong", {}, `${finding.place}: `), finding.fact, " ", finding.remedy))),
        ),
      h("p", { class: "sts-buttons" }, keep, drop),
    );
  }

  /** @param {string} kind @param {...any} buttons */
  decide(kind, ...buttons) {
    for (const button of buttons) button.disabled = true;
    this.model.send({ kind });
  }

  drawCards() {
    this.stored.replaceChildren(this.model.get("stored"));
    const cards = this.model.get("cards");
    if (cards.length) this.choice.hidden = false;
    this.cards.replaceChildren(...cards.map((/** @type {any} */ card) => drawCard(card)));
  }
}

export default {
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const intake = new Intake(model, el);
    return () => intake.close();
  },
};
