// @ts-check
// The trajectory over time: what was agreed last time and what became of it, meetings and days to come, scores of every moment.

import { OWN_KEYS, h, randomHex, svg, uniqueId } from "./dom.js";
import { Binder } from "./fields/fields.js";
import { savingLine, whereLine } from "./line/head.js";
import { historyLine } from "./line/history.js";
import { dropLink, linkOf } from "./line/link.js";
import { drawDots, drawRadar, scoreText, seriesClass } from "./pictures/radar.js";
import { dayOf, drawTimeline, timelineKey } from "./pictures/timeline.js";

/** @typedef {{id: string, origin: {id: string, name: string, where: string, address: string} | null, agreed: {number: number, label: string}, changed: {number: number, label: string}}} Followed */

const ACTION_STATES = [
  ["planned", "gepland"],
  ["running", "bezig"],
  ["done", "gedaan"],
  ["stopped", "gestopt"],
];
const ACTION_GROUPS = [
  ["overdue", "Over tijd", "De dag is voorbij en de actie loopt nog. Wat is ermee gebeurd?"],
  ["open", "Loopt nog", ""],
  ["new", "Nieuw in deze sessie", ""],
  ["done", "Gedaan", ""],
  ["stopped", "Gestopt", ""],
];
const LACKING = [
  ["what", "wat"],
  ["who", "wie"],
  ["when", "wanneer"],
  ["origin", "herkomst"],
];
const MOST_ON_A_RADAR = 6;
const MOST_BESIDE = 7;

class FollowUpPage {
  /** @param {any} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.link = linkOf(model);
    this.binder = new Binder(this.link);
    this.about = model.get("about");
    this.served = Boolean(document.body.dataset.voila);
    this.root = h("div", { class: "sts sts-followup", ...OWN_KEYS });
    /** @type {Map<string, {element: any, group: string}>} Each action keeps its place as long as the page stands: nothing jumps away under a hand. */
    this.cards = new Map();
    el.append(this.root);
    this.build();
    this.binder.listen(this.link, "field", (event) => this.follow(event.detail));
    this.binder.listen(this.link, "message", (event) => this.receive(event.detail));
    this.binder.follow(model, "change:actions", () => this.drawActions());
    this.drawActions();
  }

  close() {
    this.binder.close();
  }

  // -- frame -------------------------------------------------------------------------------------------------------------------

  build() {
    const { about } = this;
    this.summary = h("p", { class: "sts-followup-sum" });
    this.groups = h("div", {});
    this.unfinished = h("div", {});
    this.root.append(
      h("div", { class: "sts-followup-bar" }, whereLine(about), savingLine(this.binder)),
      historyLine(this),
      this.buildWays(),
      h(
        "div",
        { class: "sts-columns" },
        h(
          "section",
          { class: "sts-work", "aria-labelledby": "sts-last-time" },
          h("h2", { id: "sts-last-time" }, about.before ? "Sinds vorige keer" : "Acties"),
          this.buildLastTime(),
          this.summary,
          this.groups,
          h("p", {}, h("button", { type: "button", class: "sts-secondary", onclick: () => this.addAction() }, "Actie toevoegen")),
        ),
        h("aside", { class: "sts-followup-aside", "aria-label": "Focus, afspraken en wat nog niet af is" }, this.buildFocus(), this.unfinished, this.buildDates()),
      ),
      this.buildTimeline(),
      this.buildScores(),
    );
  }

  /** The instruments of this session, each with whether something stands in it. */
  buildWays() {
    const told = (/** @type {any} */ way) => (way.used ? "ingevuld in deze sessie" : way.before ? "vroeger ingevuld" : "nog leeg");
    return h(
      "nav",
      { class: "sts-followup-ways", "aria-label": "Instrumenten van deze sessie" },
      h(
        "ul",
        {},
        ...this.about.ways.map((/** @type {any} */ way) => {
          const inside = [h("strong", {}, way.short), h("small", {}, told(way))];
          const state = way.used ? "now" : way.before ? "before" : "none";
          return h("li", { "data-used": state }, this.served ? h("a", { href: way.address, title: way.title }, ...inside) : h("span", {}, ...inside));
        }),
      ),
    );
  }

  buildLastTime() {
    const { before } = this.about;
    if (!before) return h("p", { class: "sts-intro" }, "Dit is de eerste sessie van dit traject. Wat jullie nu afspreken, opent de volgende keer hier.");
    const title = before.title ? ` (${before.title})` : "";
    return h("p", { class: "sts-intro" }, `De vorige keer was op ${before.label}, sessie ${before.number}${title}. Overloop eerst wat toen is afgesproken: wat lukte, wat hinderde, wat passen jullie aan?`);
  }

  // -- actions -----------------------------------------------------------------------------------------------------------------

  /** @returns {Map<string, Followed>} */
  followed() {
    return new Map(this.model.get("actions").map((/** @type {Followed} */ one) => [one.id, one]));
  }

  /** The actions in the order of the page; those that another part of the page just made come last. */
  items() {
    const standing = new Set(this.link.rows("actie."));
    const known = [...this.followed().keys()].filter((item) => standing.has(item));
    return [...new Set([...known, ...standing])];
  }

  /** @param {string} item @param {string} field @returns {string} */
  text(item, field) {
    const value = this.link.value(item, field);
    return typeof value === "string" ? value.trim() : "";
  }

  /** @param {string} item */
  stateOf(item) {
    return this.text(item, "state") || "planned";
  }

  /** @param {string} item */
  ended(item) {
    return ["done", "stopped"].includes(this.stateOf(item));
  }

  /** @param {string} item */
  overdue(item) {
    const day = dayOf(this.text(item, "when"));
    return day !== "" && day < this.about.today && !this.ended(item);
  }

  /** @param {string} item @returns {string[]} */
  lacking(item) {
    if (this.ended(item)) return [];
    return LACKING.filter(([field]) => (field === "when" ? dayOf(this.text(item, "when")) === "" : this.text(item, field) === "")).map(([, name]) => name);
  }

  /** @param {string} item @param {Followed | undefined} known */
  groupOf(item, known) {
    if (this.ended(item)) return this.stateOf(item);
    if (this.overdue(item)) return "overdue";
    return this.about.before && (!known || known.agreed.number === this.about.number) ? "new" : "open";
  }

  drawActions() {
    const followed = this.followed();
    const items = this.items();
    for (const [item, card] of this.cards) if (!items.includes(item)) this.cards.delete(item) && card.element.remove();
    for (const item of items) {
      const known = followed.get(item);
      const card = this.cards.get(item) ?? { element: this.buildCard(item, this.isLongAgo(item, known)), group: this.groupOf(item, known) };
      this.cards.set(item, card);
      this.drawChain(item, known);
      this.drawHead(item);
    }
    for (const [group, title, hint] of ACTION_GROUPS) this.drawGroup(group, title, hint, items);
    this.drawSums();
  }

  /** @param {string} group @param {string} title @param {string} hint @param {string[]} items */
  drawGroup(group, title, hint, items) {
    const elements = items.filter((item) => this.cards.get(item)?.group === group).map((item) => this.cards.get(item)?.element);
    let place = this.groups.querySelector(`[data-group="${group}"]`);
    if (!elements.length) {
      place?.remove();
      return;
    }
    if (!place) {
      const id = uniqueId("group");
      place = h("section", { class: "sts-action-group", "data-group": group, "aria-labelledby": id }, h("h3", { id }, title), hint && h("p", { class: "sts-hint" }, hint), h("div", {}));
      const order = ACTION_GROUPS.map(([name]) => name);
      const after = [...this.groups.children].find((/** @type {any} */ other) => order.indexOf(other.dataset.group) > order.indexOf(group));
      this.groups.insertBefore(place, after ?? null);
    }
    const list = place.lastElementChild;
    if ([...list.children].length === elements.length && elements.every((element, index) => list.children[index] === element)) return;
    list.replaceChildren(...elements);
  }

  /** Whether an action had ended before last time: it is told in a line, and opens when asked. @param {string} item @param {Followed | undefined} known */
  isLongAgo(item, known) {
    return this.ended(item) && known !== undefined && known.changed.number < this.about.number - 1;
  }

  /** @param {string} item @param {boolean} folded */
  buildCard(item, folded) {
    const { binder } = this;
    const about = () => this.text(item, "what") || "actie zonder omschrijving";
    const texts = h(
      "div",
      { class: "sts-followed-texts" },
      binder.textArea({ item, field: "works", label: "Wat werkt?", about: `bij ${about()}` }),
      binder.textArea({ item, field: "hinders", label: "Wat hindert?", about: `bij ${about()}` }),
      binder.textArea({ item, field: "adjustment", label: "Wat passen jullie aan?", about: `bij ${about()}` }),
    );
    const plan = h(
      "details",
      { class: "sts-followed-plan", open: this.lacking(item).length > 0 },
      h("summary", {}, "Wat, wie, wanneer en check"),
      h(
        "div",
        { class: "sts-followed-fields" },
        binder.textArea({ item, field: "what", label: "Wat", about: "van deze actie" }),
        binder.textLine({ item, field: "who", label: "Wie", hint: "Volgens functie, geen namen.", about: `bij ${about()}` }),
        binder.date({ item, field: "when", label: "Wanneer", about: `bij ${about()}` }),
        binder.textArea({ item, field: "check", label: "Check", hint: "Hoe borgen of sturen jullie bij?", about: `bij ${about()}` }),
        this.originPicker(item),
      ),
    );
    return h(
      "article",
      { class: "sts-followed", "data-action": item },
      h("header", {}, h("h4", { tabindex: -1 }), h("p", { class: "sts-followed-line" })),
      h("p", { class: "sts-followed-chain" }),
      ...(folded ? [h("details", { class: "sts-followed-plan" }, h("summary", {}, "Stand en wat jullie noteerden"), this.stateChoice(item), texts, plan)] : [this.stateChoice(item), texts, plan]),
    );
  }

  /** @param {string} item */
  stateChoice(item) {
    const name = uniqueId("state");
    const mark = this.binder.savedMark(item, "state");
    const radios = ACTION_STATES.map(([state, label]) => {
      const input = h("input", { type: "radio", name, value: state, onchange: () => this.link.change(item, "state", state, name) });
      return { state, input, element: h("label", {}, input, h("span", {}, label)) };
    });
    this.binder.watch(item, "state", () => {
      for (const radio of radios) radio.input.checked = radio.state === this.stateOf(item);
    });
    return h(
      "fieldset",
      { class: "sts-choice sts-choice-small sts-followed-state" },
      h("legend", {}, "Stand", h("span", { class: "sts-unseen" }, ` van ${this.text(item, "what") || "deze actie"}`), " ", mark),
      h("div", { class: "sts-choice-row" }, ...radios.map((radio) => radio.element)),
    );
  }

  /** Where an action belongs, for one that has no origin or one that the instruments no longer know. @param {string} item */
  originPicker(item) {
    const options = this.about.origins.map((/** @type {any} */ place) => ({ id: place.id, label: place.where ? `${place.name} (${place.where})` : place.name }));
    const present = this.text(item, "origin");
    const known = this.followed().get(item)?.origin;
    if (present && !options.some((/** @type {any} */ one) => one.id === present)) options.push({ id: present, label: known?.name ?? "herkomst die er niet meer is" });
    if (!options.length) return null;
    return this.binder.select({ item, field: "origin", label: "Hoort bij", hint: "Wat in dit traject besproken is en waaruit deze actie volgt.", about: "van deze actie", options });
  }

  /** The links of the chain: where it comes from, in which session it was agreed and last changed. @param {string} item @param {Followed | undefined} known */
  drawChain(item, known) {
    const chain = this.cards.get(item)?.element.querySelector(".sts-followed-chain");
    if (!chain) return;
    const present = this.text(item, "origin");
    const chosen = this.about.origins.find((/** @type {any} */ place) => place.id === present);
    const origin = known?.origin && known.origin.id === present ? known.origin : chosen;
    const name = origin && (this.served && origin.address ? h("a", { href: origin.address }, origin.name) : h("span", {}, origin.name));
    const session = (/** @type {{number: number, label: string}} */ one) => (one.number === this.about.number ? "in deze sessie" : `in sessie ${one.number} (${one.label})`);
    const agreed = known ? session(known.agreed) : "in deze sessie";
    const changed = known && known.changed.number !== known.agreed.number ? `, laatst gewijzigd ${session(known.changed)}` : "";
    chain.replaceChildren(...(name ? ["Komt uit: ", name, origin.where ? ` (${origin.where}). ` : ". "] : [present ? "Komt uit iets dat er niet meer is. " : "Nog zonder herkomst. "]), `Afgesproken ${agreed}${changed}.`);
  }

  /** @param {string} item */
  drawHead(item) {
    const element = this.cards.get(item)?.element;
    if (!element) return;
    const overdue = this.overdue(item);
    const state = this.stateOf(item);
    element.dataset.state = state;
    element.toggleAttribute("data-overdue", overdue);
    const when = this.text(item, "when");
    const who = this.text(item, "who");
    const [title, line] = element.querySelectorAll("h4, .sts-followed-line");
    title.replaceChildren(this.text(item, "what") || "Actie zonder omschrijving");
    line.replaceChildren(
      h("span", { class: "sts-followed-badge" }, overdue ? "over tijd" : ACTION_STATES.find(([name]) => name === state)?.[1]),
      ` ${who || "nog niemand"} · ${when ? (dayOf(when) ? `tegen ${when}` : when) : "nog geen dag"}`,
    );
  }

  drawSums() {
    const items = this.items();
    const count = (/** @type {(item: string) => boolean} */ test) => items.filter(test).length;
    const late = count((item) => this.overdue(item));
    const open = count((item) => !this.ended(item)) - late;
    const parts = [
      [late, "over tijd", "overdue"],
      [open, open === 1 ? "loopt" : "lopen", "open"],
      [count((item) => this.stateOf(item) === "done"), "gedaan", "done"],
      [count((item) => this.stateOf(item) === "stopped"), "gestopt", "stopped"],
    ].filter(([many]) => Number(many) > 0);
    this.summary.replaceChildren(
      ...(items.length ? parts.map(([many, name, kind]) => h("span", { class: "sts-followup-count", "data-kind": kind }, h("strong", {}, many), ` ${name}`)) : ["Er is in dit traject nog geen actie afgesproken."]),
    );
    const lacking = items.map((item) => ({ item, names: this.lacking(item) })).filter(({ names }) => names.length);
    this.unfinished.replaceChildren(
      lacking.length
        ? h(
            "section",
            { class: "sts-panel", "aria-label": "Nog niet af" },
            h("h3", {}, "Nog niet af"),
            h("p", { class: "sts-hint" }, "Deze acties kun je pas opvolgen als dit erbij staat."),
            h(
              "ul",
              { class: "sts-unfinished" },
              ...lacking.map(({ item, names }) =>
                h("li", {}, h("button", { type: "button", class: "sts-link", onclick: () => this.show(item) }, this.text(item, "what") || "Actie zonder omschrijving"), h("span", {}, `ontbreekt: ${names.join(", ")}`)),
              ),
            ),
          )
        : "",
    );
  }

  /** @param {string} item */
  show(item) {
    const element = this.cards.get(item)?.element;
    const plan = element && [...element.querySelectorAll("details")].pop();
    if (!plan) return;
    for (const part of element.querySelectorAll("details")) part.open = true;
    const empty = [...plan.querySelectorAll("textarea, input, select")].find((field) => field.value === "" || (field.tagName === "SELECT" && field.selectedIndex === 0));
    (empty ?? element.querySelector("h4")).focus();
  }

  addAction() {
    const item = `actie.${randomHex(8)}`;
    this.link.change(item, "origin", "");
    this.drawActions();
    this.cards.get(item)?.element.querySelector(`[data-key="${item}::what"]`)?.focus();
  }

  /** @param {{item: string, field: string}} changed */
  follow({ item, field }) {
    if (!item.startsWith("actie.")) return;
    if (!this.cards.has(item) || field === "removed") this.drawActions();
    else if (["what", "who", "when", "state", "origin"].includes(field)) {
      this.drawHead(item);
      if (field === "origin") this.drawChain(item, this.followed().get(item));
      this.drawSums();
    }
  }

  // -- focus, dates, time line -------------------------------------------------------------------------------------------------

  buildFocus() {
    const { focus } = this.about;
    if (!focus) return null;
    const name = focus.name.replace(/^focus: /, "");
    return h(
      "section",
      { class: "sts-panel", "aria-label": "Focus" },
      h("h3", {}, "Focus"),
      h("p", {}, this.served && focus.address ? h("a", { href: focus.address }, name) : name),
      h("p", { class: "sts-hint" }, focus.where),
    );
  }

  buildDates() {
    const { dates } = this.about;
    const coming = dates.filter((/** @type {any} */ one) => !one.overdue);
    this.told = h("p", { class: "sts-hint", role: "status" });
    return h(
      "section",
      { class: "sts-panel", "aria-label": "Wat eraan komt" },
      h("h3", {}, "Wat eraan komt"),
      coming.length
        ? h("ul", { class: "sts-coming" }, ...coming.map((/** @type {any} */ one) => h("li", {}, h("time", { datetime: one.day }, one.label), h("span", {}, one.title))))
        : h("p", { class: "sts-hint" }, "Er is nog geen dag afgesproken."),
      coming.length > 0 && h("button", { type: "button", class: "sts-secondary", onclick: () => this.askCalendar() }, "Zet in mijn agenda (ICS)"),
      this.told,
    );
  }

  askCalendar() {
    this.told.replaceChildren("Het agendabestand wordt gemaakt…");
    this.link.flush();
    this.link.send({ kind: "export", what: "calendar", writer: this.link.writer });
  }

  /** @param {any} message */
  receive(message) {
    if (message.kind === "export-failed") this.told.replaceChildren(message.text);
    if (message.kind !== "file") return;
    const bytes = Uint8Array.from(atob(message.content), (sign) => sign.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: message.type }));
    const anchor = h("a", { href: address, download: message.name, hidden: true });
    this.root.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    this.told.replaceChildren(`${message.name} staat bij je downloads. Open het bestand om de dagen in je agenda te zetten.`);
  }

  buildTimeline() {
    const { about } = this;
    const many = (/** @type {number} */ count, /** @type {string} */ one, /** @type {string} */ more) => (count ? `${count} ${count === 1 ? one : more}` : null);
    const rows = about.moments.map((/** @type {any} */ moment) => {
      const said = [many(moment.scores, "score", "scores"), many(moment.answers, "antwoord", "antwoorden"), many(moment.actions, "nieuwe actie", "nieuwe acties")].filter(Boolean);
      const current = moment.number === about.number;
      return h(
        "tr",
        { class: current ? "sts-row-now" : "" },
        h("th", { scope: "row" }, `Sessie ${moment.number}`, current && h("small", {}, " (deze)")),
        h("td", {}, moment.label),
        h("td", {}, moment.title || "–"),
        h("td", {}, moment.instruments.join(", ") || "–"),
        h("td", {}, said.join(", ") || "nog niets"),
        h("td", {}, this.archive(moment)),
      );
    });
    const later = about.dates.map((/** @type {any} */ one) =>
      h(
        "tr",
        { class: one.overdue ? "sts-row-late" : "" },
        h("th", { scope: "row" }, one.kind === "action" ? "Actie" : "Afspraak"),
        h("td", {}, one.label, one.overdue && h("small", {}, " over tijd")),
        h("td", { colspan: 4 }, one.title),
      ),
    );
    return h(
      "section",
      { class: "sts-panel", "aria-label": "Tijdlijn" },
      h("h2", {}, "Tijdlijn"),
      h("div", { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": "Tijdlijn als beeld" }, drawTimeline(about)),
      timelineKey(about),
      h(
        "div",
        { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": "Tijdlijn als tabel" },
        h(
          "table",
          { class: "sts-table" },
          h("caption", {}, "Alle sessies, en de dagen die zijn afgesproken"),
          h("thead", {}, h("tr", {}, ...["Soort", "Dag", "Titel", "Instrumenten", "Wat er besproken is", "Archief"].map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, ...rows, ...later),
        ),
      ),
    );
  }

  /** @param {any} moment */
  archive(moment) {
    if (!moment.archive) return moment.closed ? "afgesloten" : "open";
    if (!this.served) return moment.archive;
    return h("a", { href: `archief/${encodeURIComponent(moment.archive)}`, target: "_blank", rel: "noopener", "aria-label": `Archief van sessie ${moment.number}` }, "Archief");
  }

  // -- scores ------------------------------------------------------------------------------------------------------------------

  buildScores() {
    const { phases } = this.about;
    return h(
      "section",
      { class: "sts-followup-scores", "aria-label": "Scores door de tijd" },
      h("h2", {}, "Scores door de tijd"),
      phases.length
        ? h("p", { class: "sts-intro" }, "Een verschil zegt dat jullie anders scoren dan toen, niet waarom. Dat laatste is stof voor het gesprek.")
        : h("p", { class: "sts-empty" }, "Er is in dit traject nog niets ingeschaald."),
      ...phases.map((/** @type {any} */ phase) => this.buildPhaseScores(phase)),
    );
  }

  /** @param {any} phase */
  buildPhaseScores(phase) {
    const { radar } = phase;
    const shown = radar.axes.length > 2 ? fewer(radar, phase.labels) : null;
    const title = phase.name;
    return h(
      "section",
      { class: "sts-panel sts-phase-scores", "aria-label": title },
      h("h3", {}, title),
      !phase.now && h("p", { class: "sts-hint" }, "In deze sessie nog niet besproken."),
      phase.sentences.length > 0 && h("ul", { class: "sts-differences" }, ...phase.sentences.map((/** @type {string} */ line) => h("li", {}, line))),
      h(
        "div",
        { class: "sts-phase-pictures" },
        shown &&
          h(
            "div",
            {},
            drawRadar(title, shown),
            pictureKey(shown, phase),
            shown.series.length < radar.series.length && h("p", { class: "sts-hint" }, "De radar toont de eerste en de laatste inschalingen; de tabel toont ze alle."),
          ),
        radar.axes.length > 0 && h("div", {}, drawDots(title, radar), !shown && pictureKey(radar, phase)),
      ),
      scoresTable(phase),
      phase.left_out.length > 0 && h("p", { class: "sts-hint" }, `Niet van toepassing voor deze school, wel ooit gescoord: ${phase.left_out.join(", ")}.`),
      this.served && h("p", { class: "sts-next" }, h("a", { href: phase.address }, "Naar deze fase")),
    );
  }
}

/** At most six moments on a radar: the first, and the last ones. @param {any} radar @param {string[]} labels */
function fewer(radar, labels) {
  if (labels.length <= MOST_ON_A_RADAR) return radar;
  const kept = new Set([labels[0], ...labels.slice(1 - MOST_ON_A_RADAR)]);
  return { ...radar, series: radar.series.filter((/** @type {any} */ series) => kept.has(series.label)) };
}

/** What each line is, by its day. @param {any} radar @param {any} phase */
function pictureKey(radar, phase) {
  const name = (/** @type {any} */ series) => [series.aspect, series.current && phase.now ? `nu (${series.label})` : series.label].filter(Boolean).join(", ");
  const targets = radar.targets.some((/** @type {any} */ target) => target !== null);
  return h(
    "ul",
    { class: "sts-legend" },
    ...radar.series.map((/** @type {any} */ series) => h("li", { class: `sts-key ${seriesClass(radar, series)}` }, name(series))),
    targets && h("li", { class: "sts-key-aim" }, "streefscore"),
  );
}

/** Every score: a row per scale, or a row per moment where there are too many of them for one sheet. @param {any} phase */
function scoresTable(phase) {
  const shown = (/** @type {any} */ score) => (score === null ? "–" : scoreText(score));
  const targets = phase.scales.map((/** @type {any} */ scale) => scale.target ?? "–");
  const withTargets = phase.scales.some((/** @type {any} */ scale) => scale.target !== null);
  const byScale = phase.labels.length <= MOST_BESIDE;
  const names = phase.scales.map((/** @type {any} */ scale) => scale.name);
  const rows = byScale
    ? phase.scales.map((/** @type {any} */ scale, /** @type {number} */ index) => [scale.name, ...scale.scores.map(shown), ...(withTargets ? [targets[index]] : [])])
    : [
        ...phase.labels.map((/** @type {string} */ label, /** @type {number} */ place) => [label, ...phase.scales.map((/** @type {any} */ scale) => shown(scale.scores[place]))]),
        ...(withTargets ? [["Streef", ...targets]] : []),
      ];
  const head = byScale ? ["Schaal", ...phase.labels, ...(withTargets ? ["Streef"] : [])] : ["Dag", ...names];
  return h(
    "div",
    { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": `Tabel: ${phase.name}` },
    h(
      "table",
      { class: "sts-table sts-scores" },
      h("caption", {}, "Alle scores (– is niet besproken)"),
      h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...rows.map((/** @type {any[]} */ [name, ...cells]) => h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((cell) => h("td", {}, cell))))),
    ),
  );
}

export default {
  /** @param {{model: any}} context */
  initialize({ model }) {
    const link = linkOf(model);
    return () => dropLink(link);
  },
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const page = new FollowUpPage(model, el);
    return () => page.close();
  },
};
