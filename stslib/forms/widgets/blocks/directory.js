// @ts-check
// Help lines and local partners: one list, seen in three ways. A contact is typed once, whatever way it is seen.

import { h, uniqueId } from "../dom.js";
import { printControls } from "./sheet.js";
import { saveFile } from "../save.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

const CONTACT_FIELDS = [
  { field: "service", label: "Dienst", mode: "" },
  { field: "phone", label: "Telefoon", mode: "tel" },
  { field: "mail", label: "E-mail", mode: "email" },
  { field: "site", label: "Website", mode: "url" },
];

const TOGETHER = [
  { id: true, label: "ja" },
  { id: false, label: "nee" },
];

const VIEWS = [
  { id: "lines", label: "Hulplijnen", fits: (/** @type {any} */ partner) => partner.help_line },
  { id: "partners", label: "Partners", fits: (/** @type {any} */ partner) => partner.partner },
  { id: "all", label: "Alles", fits: () => true },
];

const LARGEST_IMPORT = 5 * 1024 * 1024; // bytes

class Directory {
  /** @param {Page} page @param {any} block */
  constructor(page, block) {
    this.page = page;
    this.block = block;
    this.view = VIEWS.some((view) => view.id === "lines" && block.partners.some(view.fits)) ? "lines" : "all";
    /** @type {Set<string> | null} What the filter holds on to: a record that gets filled in stays until the filter is set anew. */
    this.kept = null;
    /** @type {Map<string, any>} */
    this.records = new Map(block.partners.map((/** @type {any} */ partner) => [partner.id, this.buildRecord(partner)]));
    this.list = h("div", { class: "sts-directory-list" });
    this.count = h("p", { class: "sts-hint", role: "status" });
    this.filter = h("button", { type: "button", class: "sts-secondary", "aria-pressed": "false", onclick: () => this.toggleFilter() });
    this.awaitsFile = false;
    page.binder.listen(page.link, "field", (event) => {
      if (this.records.has(event.detail.item)) this.drawCount();
    });
    page.binder.listen(page.link, "message", (event) => this.receive(event.detail));
    this.element = h("div", { class: "sts-directory" }, this.buildTools(), this.count, this.list, this.buildExchange());
    this.draw();
  }

  // -- what is there, what is missing ------------------------------------------------------------------------------------------

  /** @param {string} item @param {string} field */
  text(item, field) {
    return String(this.page.link.value(item, field) ?? "").trim();
  }

  /** A record needs the name of a service and one way to reach it. @param {string} item */
  missing(item) {
    const way = ["phone", "mail", "site"].some((field) => this.text(item, field));
    return [!this.text(item, "service") && "dienst", !way && "telefoon, e-mail of website"].filter(Boolean);
  }

  /** The partners of the view, in the order of the list. @returns {any[]} */
  inView() {
    const view = VIEWS.find((one) => one.id === this.view) ?? VIEWS[2];
    return this.block.partners.filter(view.fits);
  }

  /** What stands under which heading. @param {any[]} partners @returns {{title: string, intro: string, partners: any[]}[]} */
  grouped(partners) {
    if (this.view === "partners") return [{ title: "Lokale partners", intro: "", partners }];
    const groups = this.block.groups.map((/** @type {any} */ group) => ({
      title: group.title,
      intro: group.intro,
      partners: partners.filter((partner) => partner.group === group.id),
    }));
    const known = new Set(this.block.groups.map((/** @type {any} */ group) => group.id));
    groups.push({ title: "Andere lokale partners", intro: "", partners: partners.filter((partner) => !known.has(partner.group)) });
    return groups.filter((/** @type {any} */ group) => group.partners.length);
  }

  // -- one record --------------------------------------------------------------------------------------------------------------

  /** @param {any} partner */
  buildRecord(partner) {
    const { binder } = this.page;
    const item = partner.id;
    const about = `(${partner.name})`;
    const id = uniqueId("partner");
    const told = h("p", { class: "sts-missing" });
    const draw = () => {
      const missing = this.missing(item);
      told.hidden = missing.length === 0;
      told.textContent = `Nog aan te vullen: ${missing.join(" en ")}.`;
    };
    const record = h(
      "article",
      { class: "sts-record", "aria-labelledby": id, "data-partner": item },
      h(
        "div",
        { class: "sts-record-what" },
        h("h6", { id }, partner.name),
        h("p", {}, partner.purpose),
        h("p", { class: "sts-record-reach" }, h("strong", {}, "Bereikbaar: "), partner.reach),
        told,
      ),
      h(
        "div",
        { class: "sts-record-contact" },
        ...CONTACT_FIELDS.map((contact) => binder.textLine({ item, ...contact, about, care: "none" })),
        binder.textArea({ item, field: "note", label: "Opmerking", rows: 1, about, care: "numbers" }),
        binder.choice({ item, field: "together", label: "We werken al samen", options: TOGETHER, about, empty: "–", small: true }),
      ),
    );
    for (const { field } of CONTACT_FIELDS) binder.watch(item, field, draw);
    return record;
  }

  // -- views and filter --------------------------------------------------------------------------------------------------------

  buildTools() {
    const name = uniqueId("view");
    const views = VIEWS.filter((view) => view.id === "all" || this.block.partners.some(view.fits)).map((view) => {
      const input = h("input", { type: "radio", name, onchange: () => this.setView(view.id) });
      input.checked = view.id === this.view;
      return h("label", {}, input, h("span", {}, view.label));
    });
    return h(
      "div",
      { class: "sts-directory-tools" },
      h("fieldset", { class: "sts-choice sts-choice-small" }, h("legend", {}, "Toon"), h("div", { class: "sts-choice-row" }, ...views)),
      this.filter,
      printControls("Blad voor de lerarenkamer", () => this.buildSheet()),
    );
  }

  /** @param {string} view */
  setView(view) {
    this.view = view;
    if (this.kept) this.kept = this.openItems();
    this.draw();
  }

  openItems() {
    return new Set(this.inView().map((partner) => partner.id).filter((id) => this.missing(id).length));
  }

  toggleFilter() {
    this.kept = this.kept ? null : this.openItems();
    this.draw();
  }

  draw() {
    const shown = this.inView().filter((partner) => !this.kept || this.kept.has(partner.id));
    this.list.replaceChildren(
      ...this.grouped(shown).map((group) =>
        h(
          "section",
          { class: "sts-directory-group", "aria-label": group.title },
          h("h5", {}, group.title),
          group.intro && h("p", { class: "sts-block-intro" }, group.intro),
          ...group.partners.map((partner) => this.records.get(partner.id)),
        ),
      ),
    );
    if (!shown.length) this.list.append(h("p", { class: "sts-empty" }, "Hier is alles aangevuld."));
    this.drawCount();
  }

  drawCount() {
    const partners = this.inView();
    const open = this.openItems().size;
    const together = partners.filter((partner) => this.page.link.value(partner.id, "together") === true).length;
    this.filter.textContent = this.kept ? "Toon weer alles" : `Nog aan te vullen: ${open}`;
    this.filter.setAttribute("aria-pressed", String(Boolean(this.kept)));
    const text = `${partners.length - open} van ${partners.length} aangevuld, nog ${open} aan te vullen. Met ${together} werken jullie al samen.`;
    if (this.count.textContent !== text) this.count.textContent = text;
  }

  // -- paper -------------------------------------------------------------------------------------------------------------------

  buildSheet() {
    const { about } = this.page;
    const partners = this.inView();
    const card = (/** @type {any} */ partner) => {
      const lines = CONTACT_FIELDS.map(({ field }) => ({ field, text: this.text(partner.id, field) })).filter((line) => line.text);
      const together = this.page.link.value(partner.id, "together") === true;
      return h(
        "div",
        { class: "sts-sheet-card" },
        h("p", { class: "sts-sheet-name" }, partner.name, together && h("span", { class: "sts-sheet-together" }, " ✓ we werken samen")),
        ...lines.map((line) => h("p", { class: `sts-sheet-${line.field}`, dir: "auto" }, line.text)),
        lines.length === 0 && h("p", { class: "sts-sheet-blank" }),
        partner.through_clb && h("p", { class: "sts-sheet-reach" }, "via het CLB"),
      );
    };
    const title = { lines: "Hulplijnen", partners: "Lokale partners", all: "Hulplijnen en partners" }[this.view];
    return h(
      "div",
      { class: "sts-sheet sts-sheet-directory" },
      h("div", { class: "sts-sheet-head" }, h("p", { class: "sts-sheet-title" }, title ?? ""), h("p", {}, `${about.school} · ${about.date}`)),
      ...this.grouped(partners).map((group) =>
        h("div", { class: "sts-sheet-group" }, h("p", { class: "sts-sheet-heading" }, group.title), h("div", { class: "sts-sheet-cards" }, ...group.partners.map(card))),
      ),
      h("p", { class: "sts-sheet-foot" }, "✓ we werken al samen · een lege lijn is nog aan te vullen"),
    );
  }

  // -- files, both ways --------------------------------------------------------------------------------------------------------

  buildExchange() {
    const id = uniqueId("import");
    const hintId = uniqueId("hint");
    this.told = h("div", { role: "status" });
    const input = h("input", { id, type: "file", accept: ".csv,.xlsx", "aria-describedby": hintId });
    const name = h("span", {}, "nog geen bestand gekozen");
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (!file) return;
      name.replaceChildren(file.name);
      void this.bringIn(file);
      input.value = ""; // the same file can be chosen again, corrected
    });
    const button = (/** @type {string} */ format, /** @type {string} */ label) =>
      h("button", { type: "button", class: "sts-secondary", onclick: () => this.askFile(format) }, label);
    return h(
      "div",
      { class: "sts-exchange" },
      h("h5", {}, "Als bestand"),
      h("p", { class: "sts-buttons" }, button("csv", "Bewaren als CSV"), button("xlsx", "Bewaren als XLSX")),
      h(
        "div",
        { class: "sts-field" },
        h("label", { for: id }, "Een ingevuld bestand inlezen"),
        h("p", { class: "sts-hint", id: hintId }, "De CSV of XLSX die je hier bewaarde en aanvulde. Wat leeg is in het bestand, verandert niets aan wat hier staat."),
        h("div", { class: "sts-file" }, h("b", { "aria-hidden": "true" }, "Kies bestand"), name, input),
      ),
      this.told,
    );
  }

  /** @param {string} level @param {string} text @param {...any} more */
  tell(level, text, ...more) {
    this.told.replaceChildren(h("div", { class: "sts-message", "data-level": level }, h("p", {}, text), ...more));
  }

  online() {
    if (!this.page.link.offline) return true;
    this.tell("warning", "Er is nu geen verbinding. Verbind eerst opnieuw; wat je typte wacht veilig in deze browser.");
    return false;
  }

  /** @param {string} format */
  askFile(format) {
    if (!this.online()) return;
    this.page.link.flush();
    this.awaitsFile = true;
    this.tell("", "Het bestand wordt gemaakt…");
    this.page.link.send({ kind: "export", what: "directory", format });
  }

  /** @param {File} file */
  async bringIn(file) {
    if (!this.online()) return;
    if (file.size === 0) return this.tell("error", `${file.name} is leeg. Kies het bestand dat je hier bewaarde en aanvulde.`);
    if (file.size > LARGEST_IMPORT) return this.tell("error", `${file.name} is groter dan 5 MB. Kies het bestand dat je hier bewaarde en aanvulde.`);
    this.tell("", `${file.name} wordt gelezen…`);
    const address = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.onerror = () => resolve("");
      reader.readAsDataURL(file);
    });
    if (!address) return this.tell("error", `${file.name} kon niet gelezen worden. Sluit het in andere programma's en probeer opnieuw.`);
    this.page.link.flush();
    this.page.link.send({ kind: "import", what: "directory", name: file.name, content: address.slice(address.indexOf(",") + 1) });
  }

  /** @param {any} message */
  receive(message) {
    if (message.kind === "file" && this.awaitsFile) {
      this.awaitsFile = false;
      saveFile(message);
      this.tell("good", `${message.name} is gemaakt; je browser bewaart het bij de downloads.`);
    } else if (message.kind === "export-refused" && this.awaitsFile) {
      this.awaitsFile = false;
      this.tell("error", message.text);
    } else if (message.kind === "imported") {
      const findings = message.findings ?? [];
      const changed = message.changed === 1 ? "1 veld is overgenomen." : `${message.changed} velden zijn overgenomen.`;
      const list = findings.length > 0 && h("ul", {}, ...findings.map((/** @type {any} */ finding) => h("li", {}, finding.text)));
      this.tell(findings.some((/** @type {any} */ finding) => finding.level !== "info") ? "warning" : "good", changed, list || "");
    } else if (message.kind === "import-refused") this.tell("error", message.text);
  }
}

/** @param {Page} page @param {any} block */
export function buildDirectory(page, block) {
  return new Directory(page, block).element;
}
