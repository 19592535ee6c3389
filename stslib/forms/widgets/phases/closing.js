// @ts-check
// The last step: what belongs to the session as a whole, what goes along, the closing itself, and the versions it left.

import { h, uniqueId } from "../dom.js";
import { actionItems, unfinishedText } from "./actions.js";
import { buildVersions } from "./versions.js";

/** @typedef {import("../session_form.js").SessionPage} Page */
/** @typedef {{title: string, place: string, hidden: number, cells: number, reasons: string[]}} HidingFigure */
/** @typedef {{kind: string, name: string, state: string, text: string}} Carrier */
/** @typedef {{phase?: string, stage?: string, share?: number, text?: string, running: boolean, closed?: any, archive?: string, made?: Carrier[]}} Run */

const MOST_LISTED = 8;
const CARRIER_STATES = { waiting: "wacht", busy: "wordt gemaakt…", done: "klaar", stopped: "gestopt", failed: "niet gemaakt" };

export class Closing {
  /** @param {Page} page @param {any} panel */
  constructor(page, panel) {
    this.page = page;
    /** @type {{notes: any[], conflicts: any[], versions: any[], changed: number}} */
    this.told = { notes: [], conflicts: [], versions: [], changed: 0 };
    /** @type {Run} */
    this.run = { running: false };
    this.stopping = false;
    panel.append(
      h("h2", {}, "Sessie afsluiten"),
      h(
        "p",
        { class: "sts-intro" },
        "Afsluiten schrijft alles wat in deze sessie besproken is, van elk instrument, in één bestand dat je kunt openen, afdrukken en doorgeven, ook zonder internet. Je kunt daarna nog verder werken: opnieuw afsluiten maakt een nieuwe versie en laat de oude staan.",
      ),
      this.buildMeeting(),
      this.buildAlong(),
      this.buildClosing(),
      this.buildLeft(),
    );
    const { binder, link } = page;
    binder.listen(link, "message", (event) => this.follow(event.detail));
    page.whenField((item) => item.startsWith("actie."), () => this.drawUnfinished());
    page.whenField((_, field) => field === "note" || field === "note_archived", () => this.drawNotes());
    page.whenField((item, field) => item === "sessie" && field === "closed", () => this.look());
    const shown = new MutationObserver(() => !panel.hidden && this.look());
    shown.observe(panel, { attributes: true, attributeFilter: ["hidden"] });
    binder.onClose(() => shown.disconnect());
    this.drawNotes();
    this.drawUnfinished();
    this.drawRun();
    this.look();
  }

  /** @param {string} kind @param {any} [content] */
  ask(kind, content = {}) {
    const { link } = this.page;
    link.send({ kind, writer: link.writer, ...content });
  }

  /** Once what was typed is kept: how things are, and what the archive would hide. */
  look() {
    this.whenSaved(() => {
      this.ask("closing-look");
      this.ask("preview");
    });
  }

  /** Call *act* as soon as the journal has everything. @param {() => void} act */
  whenSaved(act) {
    const { link } = this.page;
    const begin = () => {
      if (link.pending.size) return false;
      link.removeEventListener("status", begin);
      act();
      return true;
    };
    link.flush();
    if (!begin()) link.addEventListener("status", begin);
  }

  // -- the meeting -------------------------------------------------------------------------------------------------------------

  buildMeeting() {
    const { binder, about } = this.page;
    const item = "sessie";
    return h(
      "section",
      { class: "sts-panel sts-closing", "aria-label": "Over dit overleg" },
      h("h3", {}, "Over dit overleg"),
      h(
        "div",
        { class: "sts-grid" },
        binder.textLine({ item, field: "title", label: "Titel van het overleg" }),
        binder.textLine({ item, field: "date", label: "Datum van het overleg", hint: `Als dag/maand/jaar. Leeg gelaten geldt ${about.created}.` }),
        binder.textLine({ item, field: "closed_by", label: "Wie sluit af?", hint: "Een functie, geen naam: CLB-medewerker, directie." }),
      ),
      binder.textArea({ item, field: "participants", label: "Wie was erbij?", hint: "Noteer functies, geen namen: directie, zorgcoördinator, leerkracht 3de jaar, CLB." }),
      binder.textArea({ item, field: "notes", label: "Afspraken en bedenkingen die nergens anders staan", rows: 3 }),
    );
  }

  // -- what goes along ---------------------------------------------------------------------------------------------------------

  buildAlong() {
    this.notes = h("div", {});
    this.figures = h("div", { class: "sts-along-figures" });
    this.unfinished = h("div", {});
    this.figuresTold = h("p", { class: "sts-hint", role: "status" });
    this.figuresBar = h("progress", { "aria-label": "Cijfers nakijken", hidden: true });
    this.figuresStop = h("button", { type: "button", class: "sts-secondary", hidden: true, onclick: () => this.ask("preview-stop") }, "Stop met nakijken");
    this.figuresAgain = h("button", { type: "button", class: "sts-link", hidden: true, onclick: () => this.ask("preview", { again: true }) }, "Opnieuw nakijken");
    return h(
      "section",
      { class: "sts-panel", "aria-label": "Wat gaat mee, wat niet" },
      h("h3", {}, "Wat gaat mee, wat niet"),
      h("p", {}, "Alles wat jullie invulden gaat mee: antwoorden, scores, acties en vastgezette cijfers. Kijk hieronder na wat er niet in komt, en wat nog niet af is."),
      h(
        "div",
        { class: "sts-along" },
        h("section", {}, h("h4", {}, "Eigen notities van de begeleider"), this.notes),
        h("section", {}, h("h4", {}, "Cijfers die afgeschermd worden"), this.figuresTold, this.figuresBar, this.figures, h("p", { class: "sts-buttons" }, this.figuresStop, this.figuresAgain)),
        h("section", {}, h("h4", {}, "Nog niet af"), this.unfinished),
      ),
    );
  }

  drawNotes() {
    const { instrument, link, binder } = this.page;
    const own = instrument.phases.filter((/** @type {any} */ phase) => String(link.value(phase.id, "note") ?? "").trim());
    const ids = own.map((/** @type {any} */ phase) => phase.id).join(" ");
    if (own.length || this.told.notes.length) {
      if (this.notes.dataset.own === ids && this.notes.dataset.others === JSON.stringify(this.told.notes)) return;
      this.notes.replaceChildren(
        h("p", { class: "sts-hint" }, "Een notitie blijft uit het archief tot je ze aanvinkt."),
        ...own.map((/** @type {any} */ phase) => binder.tick({ item: phase.id, field: "note_archived", label: `${phase.name}: ${phase.title}`, about: "(eigen notitie mee bewaren in het archief)" })),
        this.told.notes.length
          ? h(
              "ul",
              {},
              ...this.told.notes.map((note) =>
                h("li", {}, h("a", { href: note.address }, note.name), note.goes ? " – gaat mee" : " – gaat niet mee; aanvinken doe je daar"),
              ),
            )
          : "",
      );
    } else this.notes.replaceChildren(h("p", { class: "sts-empty" }, "Er zijn geen eigen notities: er blijft niets achter."));
    this.notes.dataset.own = ids;
    this.notes.dataset.others = JSON.stringify(this.told.notes);
  }

  drawUnfinished() {
    const { page } = this;
    const open = actionItems(page).filter((item) => !["done", "stopped"].includes(page.link.value(item, "state")));
    const lines = open.map((item, index) => ({ item, name: page.link.value(item, "what") || `actie ${index + 1}, nog zonder naam`, missing: unfinishedText(page, item) })).filter((line) => line.missing);
    const rest = lines.length - MOST_LISTED;
    const { conflicts } = this.told;
    if (!lines.length && !conflicts.length) {
      const told = open.length ? "Elke actie heeft een eigenaar en een datum, en niets staat in conflict." : "Er loopt geen actie, en niets staat in conflict.";
      this.unfinished.replaceChildren(h("p", { class: "sts-empty" }, told));
      return;
    }
    this.unfinished.replaceChildren(
      h("p", { class: "sts-hint" }, "Afsluiten kan ook zo; in het archief staat dan wat er nog ontbreekt."),
      h(
        "ul",
        { class: "sts-unfinished" },
        ...conflicts.map((conflict) => h("li", {}, h("strong", {}, "Twee versies van een veld"), h("span", { dir: "auto" }, ` ${conflict.name}`), this.way(conflict.address, conflict.instrument, `[data-key="${CSS.escape(conflict.key)}"]`, `Kies: ${conflict.name}`, "Kies er een"))),
        ...lines.slice(0, MOST_LISTED).map((line) =>
          h("li", {}, h("span", { dir: "auto" }, line.name), h("small", {}, ` ${line.missing} `), this.way("", this.actionStep(), `[data-action="${CSS.escape(line.item)}"] :is(input, textarea, select)`, `Aanvullen: ${line.name}`, "Aanvullen")),
        ),
      ),
      rest > 0 ? h("p", {}, rest === 1 ? "En nog 1 actie." : `En nog ${rest} acties.`) : "",
    );
  }

  /** Where actions can be filled in on this page; empty where they cannot. */
  actionStep() {
    if (this.page.steps.has("overzicht")) return "overzicht";
    return this.page.planStep();
  }

  /** A way to a field: a step of this page, or another page. @param {string} address @param {string} where a step of this page, or an instrument @param {string} selector @param {string} heard @param {string} text */
  way(address, where, selector, heard, text) {
    const { page } = this;
    const step = address && where === page.instrument.id ? address.split("#")[1] : where;
    if (where && page.steps.has(step)) {
      const go = () => {
        page.open(step, true);
        const field = /** @type {HTMLElement | null} */ (page.root.querySelector(`[data-step="${CSS.escape(step)}"] ${selector}`));
        if (!field) return;
        const folded = field.closest("details");
        if (folded) folded.open = true;
        field.scrollIntoView({ block: "center" });
        field.focus();
      };
      return h("button", { type: "button", class: "sts-link", "aria-label": heard, onclick: go }, text);
    }
    const href = address || `opvolging?sessie=${encodeURIComponent(page.model.get("session"))}`;
    return document.body.dataset.voila ? h("a", { href, "aria-label": heard }, text) : null;
  }

  /** @param {{state: string, problem?: string, figures?: HidingFigure[]}} told */
  drawFigures(told) {
    const busy = told.state === "busy";
    for (const element of [this.figuresBar, this.figuresStop]) element.hidden = !busy;
    this.figuresAgain.hidden = busy;
    const found = told.figures ?? [];
    if (busy) this.figuresTold.textContent = "De cijfers worden nagekeken. Je kunt intussen verder werken, of meteen afsluiten.";
    else if (told.problem) this.figuresTold.textContent = told.problem;
    else if (!found.length) this.figuresTold.textContent = "Alle cijfers gaan volledig mee: er wordt niets verborgen.";
    else this.figuresTold.textContent = `${found.length === 1 ? "Eén cijfer staat" : `${found.length} cijfers staan`} niet volledig in het archief. Kleine groepen leerlingen blijven zo onherkenbaar.`;
    if (busy) return;
    const { about } = this.page;
    const way = told.state === "done" && told.problem && document.body.dataset.voila;
    this.figures.replaceChildren(
      way ? h("p", {}, h("a", { href: `cijfers?sessie=${encodeURIComponent(this.page.model.get("session"))}` }, "Naar de cijfers"), about.school && ` van ${about.school}`) : "",
      found.length ? h("ul", { class: "sts-hiding" }, ...found.map((figure) => this.hiding(figure))) : "",
    );
  }

  /** @param {HidingFigure} figure */
  hiding(figure) {
    const counted = `${figure.hidden} van de ${figure.cells} getallen ${figure.hidden === 1 ? "wordt" : "worden"} een streepje`;
    return h(
      "li",
      {},
      h("strong", {}, figure.title),
      figure.place && h("small", {}, ` ${figure.place}`),
      figure.cells ? h("p", {}, `${counted}.`) : h("p", {}, "Dit cijfer komt niet in het archief."),
      figure.cells > 0 && figure.reasons.length > 0 && h("ul", {}, ...figure.reasons.map((reason) => h("li", {}, reason))),
    );
  }

  // -- closing -----------------------------------------------------------------------------------------------------------------

  buildClosing() {
    this.status = h("p", { class: "sts-closing-status", role: "status" });
    this.button = h("button", { type: "button", class: "sts-primary", onclick: () => this.start() }, "Sessie afsluiten");
    this.stop = h("button", { type: "button", class: "sts-secondary", hidden: true, onclick: () => this.askToStop() }, "Stop");
    const id = uniqueId("closing");
    this.bar = h("progress", { id, max: 1, value: 0, "aria-label": "Voortgang van het afsluiten", hidden: true });
    return h("div", { class: "sts-closing sts-closing-now" }, h("p", { class: "sts-buttons" }, this.button, this.stop), this.bar, this.status);
  }

  start() {
    const { link } = this.page;
    if (link.offline) {
      this.status.replaceChildren("Er is nu geen verbinding. Verbind eerst opnieuw; wat je typte wacht veilig in deze browser.");
      return;
    }
    this.run = { running: true, phase: "archive", stage: "alles bewaren", share: 0 };
    this.drawRun();
    this.stop.focus();
    this.whenSaved(() => this.ask("close"));
  }

  askToStop() {
    // Not disabled: whoever pressed it by keyboard would lose the place.
    if (this.stopping) return;
    this.stopping = true;
    this.stop.setAttribute("aria-disabled", "true");
    this.status.replaceChildren("Stoppen…");
    this.ask("closing-stop");
  }

  drawRun() {
    const { run } = this;
    const focused = this.stop === document.activeElement;
    this.button.disabled = run.running;
    if (!run.running || run.phase !== this.drawnPhase) {
      this.stopping = false;
      this.stop.removeAttribute("aria-disabled");
    }
    this.drawnPhase = run.phase;
    for (const element of [this.stop, this.bar]) element.hidden = !run.running;
    const [newest] = this.told.versions;
    this.button.replaceChildren(newest ? `Opnieuw afsluiten (versie ${newest.version + 1})` : "Sessie afsluiten");
    if (focused && !run.running) this.button.focus();
    const making = (run.made ?? []).filter((one) => one.state === "busy");
    if (run.running && run.phase === "archive") {
      if (run.share) this.bar.value = run.share;
      else this.bar.removeAttribute("value");
      if (!this.stopping) this.status.replaceChildren(`Het archief wordt gemaakt: ${run.stage}.`);
    } else if (run.running) {
      const made = run.made ?? [];
      this.bar.value = made.length ? made.filter((one) => !["waiting", "busy"].includes(one.state)).length / made.length : 0;
      const first = run.closed ? `Afgesloten om ${run.closed.at}: het archief staat er. ` : "";
      if (!this.stopping) this.status.replaceChildren(`${first}Nu wordt gemaakt: ${making.map((one) => one.name).join(", ") || "Excel, PDF en affiche"}.`);
    } else if (run.text) this.status.replaceChildren(run.text);
    else if (run.closed) this.status.replaceChildren(`Afgesloten om ${run.closed.at}.`);
    else this.status.replaceChildren();
    this.drawLeft();
  }

  // -- what it left ------------------------------------------------------------------------------------------------------------

  buildLeft() {
    this.changed = h("p", { class: "sts-message", "data-level": "warning", role: "status", hidden: true });
    this.archives = h("div", { class: "sts-archives" });
    return h("section", { class: "sts-closing", "aria-label": "Archieven van deze sessie" }, this.changed, this.archives);
  }

  drawLeft() {
    const { versions, changed } = this.told;
    const [newest] = versions;
    this.changed.hidden = !newest || !changed || this.run.running;
    this.changed.textContent = newest ? `Sinds versie ${newest.version} ${changed === 1 ? "is 1 antwoord" : `zijn ${changed} antwoorden`} veranderd. Sluit opnieuw af om ze mee te nemen.` : "";
    const carriers = newest && newest.archive === (this.run.archive ?? "") ? (this.run.made ?? []) : [];
    const make = newest?.there && !this.run.running ? () => this.makeAgain(newest.archive) : null;
    const kept = this.archives.contains(document.activeElement) ? document.activeElement?.getAttribute("data-keep") : "";
    this.archives.replaceChildren(...(newest ? buildVersions(versions, carriers, CARRIER_STATES, make) : []));
    if (kept) this.archives.querySelector(`[data-keep="${CSS.escape(kept)}"]`)?.focus();
  }

  /** @param {string} archive */
  makeAgain(archive) {
    this.run = { running: true, phase: "carriers", archive, made: [] };
    this.drawRun();
    this.stop.focus();
    this.ask("closing-make", { archive });
  }

  /** @param {any} message */
  follow(message) {
    if (message.kind === "closing-about") {
      this.told = message;
      this.drawNotes();
      this.drawUnfinished();
      this.drawRun();
    }
    if (message.kind === "closing-preview") this.drawFigures(message);
    if (message.kind === "closing-run") {
      this.run = message;
      this.drawRun();
    }
  }
}
