// @ts-check
// Signals as questions: how many pupils each concerns. A list of pupils comes on a person's own asking, live, and goes by itself.

import { h, uniqueId } from "../dom.js";

/** @typedef {import("../figures_page.js").FiguresView} View */
/** @typedef {{name: string, number: string, rank: number, class: string, half_days: number, points: string, parts: {part: string, seen: string, points: string}[], hard_to_reach: boolean, risk: boolean, signals: {label: string, question: string, comparison: string}[]}} LivePupil */

const GONE_AFTER = 10 * 60_000; // ms without a hand on the page
const TICK_NAMES = [
  ["hard_to_reach", "ouders moeilijk bereikbaar"],
  ["risk", "gekende risicofactor"],
];
const WEIGHT_NAMES = [
  ["younger", "Jonger"],
  ["hard_to_reach", "Ouders moeilijk bereikbaar"],
  ["speed", "Stapelt zich snel op"],
  ["risk", "Gekende risicofactor"],
];

export class SignalsPart {
  /** @param {View} page @param {any} part @param {any} panel */
  constructor(page, part, panel) {
    this.page = page;
    this.asked = "";
    this.told = h("p", { class: "sts-hint", role: "status" });
    this.sums = h("div", {});
    this.live = new LivePupils(page);
    panel.append(h("h2", {}, part.title), h("p", { class: "sts-intro" }, part.question), this.told, this.sums, this.live.element);
    page.binder.listen(page.link, "message", ({ detail }) => {
      if (detail.round !== this.asked) return;
      if (detail.kind === "signals") this.show(detail);
      else if (detail.kind === "signals-refused") this.told.replaceChildren(`${detail.fact} ${detail.remedy}`);
    });
    this.draw();
  }

  draw() {
    const { page } = this;
    if (page.steps.current !== "signalen") return;
    this.live.element.hidden = !page.isStored();
    const round = `${page.filter.school_year} ${page.model.get("stored")?.map((/** @type {any} */ one) => one.told)}`;
    if (!page.isStored()) return this.told.replaceChildren("Hier komen signalen zodra er cijfers zijn.");
    if (round === this.asked) return;
    this.asked = round;
    this.told.replaceChildren("De signalen worden gezocht…");
    page.link.send({ kind: "signals", round, school_year: page.filter.school_year });
  }

  leave() {
    this.live.hide();
  }

  /** @param {{title: string, rows: {name: string, pupils: string}[], not_in_data: string[]}} found */
  show(found) {
    this.told.replaceChildren(`Schooljaar ${this.page.filter.school_year}, de hele school.`);
    this.sums.replaceChildren(
      h(
        "figure",
        { class: "sts-card sts-big" },
        h("figcaption", {}, found.title),
        h(
          "div",
          { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": "Tabel: vroege signalen" },
          h(
            "table",
            { class: "sts-table" },
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Signaal"), h("th", { scope: "col" }, "Leerlingen"))),
            h("tbody", {}, ...found.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.name), h("td", {}, row.pupils)))),
          ),
        ),
        h("details", {}, h("summary", {}, "Wat halve dagen níét laten zien"), h("ul", {}, ...found.not_in_data.map((line) => h("li", {}, line)))),
      ),
    );
  }
}

/** The list of pupils. What it shows stands in this element alone and goes with it. */
class LivePupils {
  /** @param {View} page */
  constructor(page) {
    this.page = page;
    this.shown = false;
    this.timer = 0;
    /** @type {Record<string, Set<string>>} Ticks hold as long as the list is looked at. */
    this.ticks = { hard_to_reach: new Set(), risk: new Set() };
    /** @type {Map<string, any>} */
    this.weights = new Map();
    this.told = h("p", { class: "sts-hint", role: "status" });
    this.place = h("div", {});
    this.showButton = h("button", { type: "button", class: "sts-primary", onclick: () => this.ask() }, "Leerlingen tonen");
    this.hideButton = h("button", { type: "button", class: "sts-secondary", hidden: true, onclick: () => this.hide(true) }, "Verbergen");
    const id = uniqueId("live");
    this.element = h(
      "section",
      { class: "sts-panel sts-live", "aria-labelledby": id },
      h("h3", { id }, "Volgorde van aandacht: leerlingen, alleen hier en alleen nu"),
      h(
        "p",
        { class: "sts-intro" },
        "Toon dit enkel aan wie deze leerlingen begeleidt, en niet op een groot scherm. De lijst wordt nergens bewaard, komt niet op papier en niet in het archief, en verdwijnt als jullie deze stap verlaten of na tien minuten.",
      ),
      h("p", { class: "sts-buttons" }, this.showButton, this.hideButton),
      this.told,
      this.place,
    );
    page.binder.listen(page.link, "message", ({ detail }) => {
      if (!this.shown) return;
      if (detail.kind === "list") this.show(detail);
      else if (["list-refused", "pupils-refused"].includes(detail.kind)) {
        this.hide();
        this.told.replaceChildren(`${detail.fact} ${detail.remedy}`);
      }
    });
    const used = () => this.shown && this.waitAnew();
    for (const type of ["pointerdown", "keydown", "input"]) this.element.addEventListener(type, used);
    page.binder.listen(window, "beforeprint", () => this.hide());
    page.binder.listen(window, "pagehide", () => this.hide());
  }

  ask() {
    this.shown = true;
    this.showButton.hidden = true;
    this.hideButton.hidden = false;
    this.told.replaceChildren("De lijst wordt gemaakt…");
    this.waitAnew();
    const weights = Object.fromEntries([...this.weights].map(([name, input]) => [name, Number(input.value.replace(",", "."))]).filter(([, value]) => Number.isFinite(value)));
    const ticks = Object.fromEntries(Object.entries(this.ticks).map(([name, pupils]) => [name, [...pupils]]));
    this.page.link.send({ kind: "list", school_year: this.page.filter.school_year, weights, ...ticks });
  }

  waitAnew() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.hide();
      this.told.replaceChildren("Verborgen, want er gebeurde tien minuten niets.");
    }, GONE_AFTER);
  }

  /** @param {boolean} [byPerson] */
  hide(byPerson = false) {
    if (!this.shown) return;
    this.shown = false;
    clearTimeout(this.timer);
    this.place.replaceChildren();
    this.weights.clear();
    for (const pupils of Object.values(this.ticks)) pupils.clear();
    this.told.replaceChildren("");
    this.showButton.hidden = false;
    this.hideButton.hidden = true;
    this.page.link.send({ kind: "hide" });
    if (byPerson) this.showButton.focus();
  }

  /** @param {{rows: LivePupil[], most: string, notes: string[], numbers: boolean, total: number, others: number, school_year: string}} list */
  show(list) {
    const focused = document.activeElement?.getAttribute("data-key");
    const opened = new Set([...this.place.querySelectorAll("details[open]")].map((one) => one.getAttribute("data-key")));
    const number = list.numbers ? "" : " De koppeling met leerlingnummers is er niet (meer): jullie zien klassen en aantallen, geen leerlingen.";
    this.told.replaceChildren(list.rows.length ? `${list.rows.length < list.total ? `De eerste ${list.rows.length} van ${list.total}` : list.rows.length} leerlingen in de volgorde, schooljaar ${list.school_year}.${number}` : "Geen enkele leerling heeft genoeg afwezigheid voor een plaats in de volgorde.");
    // The weights stay in their place while somebody types in one.
    if (!this.weights.size) this.place.replaceChildren(this.buildWeighing(), h("div", {}));
    this.place.lastElementChild.replaceChildren(
      h("ul", { class: "sts-live-notes" }, ...list.notes.map((note) => h("li", {}, note)), list.others > 0 && h("li", {}, "Er zijn ook leerlingen met een signaal maar met te weinig halve dagen voor een plaats in de volgorde.")),
      h(
        "div",
        { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": "Volgorde van aandacht" },
        h(
          "table",
          { class: "sts-table sts-live-table" },
          h("thead", {}, h("tr", {}, ...["Plaats", "Leerling", "Klas", "Halve dagen", ...TICK_NAMES.map(([, name]) => name), "Punten", "Vragen"].map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, ...list.rows.map((row) => this.row(row, list.most))),
        ),
      ),
    );
    for (const one of this.place.querySelectorAll("details")) one.open = opened.has(one.getAttribute("data-key"));
    if (focused) this.place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  /** @param {LivePupil} row @param {string} most */
  row(row, most) {
    const who = row.number || "zonder nummer";
    const tick = (/** @type {string[]} */ [name, label]) => {
      const box = h("input", { type: "checkbox", "data-key": `${name} ${row.name}`, "aria-label": `${label}: ${who}` });
      // @ts-ignore: both ticks are fields of a row
      box.checked = row[name];
      box.addEventListener("change", () => {
        if (box.checked) this.ticks[name].add(row.name);
        else this.ticks[name].delete(row.name);
        this.ask();
      });
      return h("td", { class: "sts-live-tick" }, box);
    };
    return h(
      "tr",
      {},
      h("td", {}, row.rank),
      h("th", { scope: "row" }, who),
      h("td", {}, row.class),
      h("td", {}, row.half_days),
      ...TICK_NAMES.map(tick),
      h("td", {}, h("details", { "data-key": `points ${row.name}` }, h("summary", {}, `${row.points} van ${most}`), h("ul", {}, ...row.parts.map((part) => h("li", {}, h("strong", {}, `${partName(part.part)}: ${part.points}. `), part.seen))))),
      h(
        "td",
        {},
        row.signals.length
          ? h(
              "details",
              { "data-key": `signals ${row.name}` },
              h("summary", {}, row.signals.length === 1 ? "1 vraag" : `${row.signals.length} vragen`),
              h("ul", {}, ...row.signals.map((signal) => h("li", {}, h("strong", {}, `${signal.label}. `), signal.question, h("small", {}, ` ${signal.comparison}`)))),
            )
          : "–",
      ),
    );
  }

  /** How heavily each suggestion weighs; everybody may change it, for as long as the list stands. */
  buildWeighing() {
    const fields = WEIGHT_NAMES.map(([name, label]) => {
      const id = uniqueId("weight");
      const input = h("input", { type: "text", id, inputmode: "decimal", maxlength: 4, "data-key": `weight ${name}`, onchange: () => this.ask() });
      input.value = "1";
      this.weights.set(name, input);
      return h("p", {}, h("label", { for: id }, label), input);
    });
    return h("fieldset", { class: "sts-weights" }, h("legend", {}, "Hoe zwaar weegt elke suggestie van het plan? (0 tot 10)"), h("div", { class: "sts-totals" }, ...fields), h("p", { class: "sts-hint" }, "Vink aan wat jullie weten of verander een gewicht: de volgorde verandert mee."));
  }
}

/** @param {string} part */
function partName(part) {
  return WEIGHT_NAMES.find(([name]) => name === part)?.[1] ?? part;
}
