// @ts-check
// The prevention plan as a page: a stepper, a phase per step (built when first opened), the overview, and the closing of the session.

import { drawCard } from "./card.js";
import { OWN_KEYS, h, randomHex, uniqueId } from "./dom.js";
import { Binder } from "./fields.js";
import { SessionLink } from "./link.js";
import { drawDots, drawRadar, drawTable, scoreText } from "./radar.js";

const ACTION_FIELDS = [
  ["what", "Wat", "geplande actie"],
  ["who", "Wie", "actoren, volgens functie"],
  ["when", "Wanneer", "dag als 15/01/2027"],
  ["check", "Check", "borgen of bijsturen"],
];

/** @type {Map<string, SessionLink>} One link per session: several views of it share outbox and values. */
const links = new Map();

class SessionForm {
  /** @param {any} model @param {SessionLink} link @param {HTMLElement} el */
  constructor(model, link, el) {
    this.model = model;
    this.link = link;
    this.binder = new Binder(link);
    this.plan = model.get("plan");
    this.about = model.get("about");
    this.root = h("div", { class: "sts", ...OWN_KEYS });
    /** @type {Map<string, {button: any, panel: any, build: () => void, built: boolean}>} */
    this.steps = new Map();
    el.append(this.root);
    this.build();
    this.onStatus = () => this.drawStatus();
    this.onField = (/** @type {any} */ event) => this.followField(event.detail);
    this.onFigures = () => this.drawFigures();
    this.onMessage = (/** @type {any} */ event) => this.followClosing(event.detail);
    link.addEventListener("status", this.onStatus);
    link.addEventListener("field", this.onField);
    link.addEventListener("message", this.onMessage);
    model.on("change:figures", this.onFigures);
    this.drawStatus();
    this.open(this.firstStep(), false);
  }

  close() {
    this.measure?.disconnect();
    this.link.removeEventListener("status", this.onStatus);
    this.link.removeEventListener("field", this.onField);
    this.link.removeEventListener("message", this.onMessage);
    this.model.off("change:figures", this.onFigures);
    this.binder.close();
  }

  // -- frame -------------------------------------------------------------------------------------------------------------------

  build() {
    this.status = h("p", { class: "sts-saving", role: "status" });
    const list = h("ol", { class: "sts-steps" });
    const panels = h("div", {});
    const add = (/** @type {string} */ id, /** @type {any[]} */ label, /** @type {(panel: any) => void} */ build) => {
      const panelId = uniqueId("step");
      const button = h("button", { type: "button", "aria-controls": panelId, onclick: () => this.open(id, true) }, ...label);
      const panel = h("section", { class: "sts-step", id: panelId, hidden: true, "data-step": id });
      list.append(h("li", {}, button));
      panels.append(panel);
      this.steps.set(id, { button, panel, built: false, build: () => build(panel) });
    };
    for (const phase of this.plan.phases) {
      const count = h("span", { class: "sts-count", "data-phase": phase.id });
      add(`fase-${phase.number}`, [h("span", { class: "sts-step-name" }, `Fase ${phase.number}`, count), h("span", { class: "sts-step-title" }, phase.title)], (panel) =>
        this.buildPhase(phase, panel),
      );
    }
    add("overzicht", [h("span", { class: "sts-step-name" }, "Overzicht"), h("span", { class: "sts-step-title" }, "wat, wie, wanneer, check")], (panel) =>
      this.buildOverview(panel),
    );
    add("cijfers", [h("span", { class: "sts-step-name" }, "Cijfers"), h("span", { class: "sts-step-title" }, "van de school zelf")], () => {});
    add("afsluiten", [h("span", { class: "sts-step-name" }, "Afsluiten"), h("span", { class: "sts-step-title" }, "bewaren als archief")], (panel) =>
      this.buildClosing(panel),
    );
    const where = h(
      "p",
      { class: "sts-where" },
      this.about.demo && h("span", { class: "sts-badge" }, "Voorbeeld"),
      h("strong", {}, this.about.school),
      ` · sessie ${this.about.number} · ${this.about.date} · traject sinds ${this.about.school_year}`,
    );
    const bar = h("div", { class: "sts-bar" }, h("div", { class: "sts-bar-line" }, where, this.status), h("nav", { "aria-label": "Stappen van het preventieplan" }, list));
    this.root.append(bar, panels);
    this.measure = new ResizeObserver(() => this.root.style.setProperty("--sts-bar", `${bar.offsetHeight}px`));
    this.measure.observe(bar);
    this.plan.phases.forEach((/** @type {any} */ phase) => this.drawCount(phase));
  }

  firstStep() {
    const wanted = location.hash.slice(1);
    return this.steps.has(wanted) ? wanted : "fase-0";
  }

  /** @param {string} id @param {boolean} byPerson */
  open(id, byPerson) {
    for (const [name, step] of this.steps) {
      const chosen = name === id;
      step.panel.hidden = !chosen;
      if (chosen) step.button.setAttribute("aria-current", "step");
      else step.button.removeAttribute("aria-current");
      if (chosen && !step.built) {
        step.build();
        step.built = true;
      }
    }
    this.current = id;
    document.documentElement.dataset.stsStep = id;
    dispatchEvent(new CustomEvent("sts:step", { detail: id }));
    if (!byPerson) return;
    if (document.body.dataset.voila) history.replaceState(null, "", `#${id}`);
    const heading = this.steps.get(id)?.panel.querySelector("h2");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    this.root.scrollIntoView({ block: "start" });
  }

  drawStatus() {
    const { link, status } = this;
    const waiting = link.pending.size;
    status.dataset.state = link.offline ? "offline" : link.trouble ? "trouble" : waiting ? "waiting" : "saved";
    const text = statusText(link, waiting);
    if (status.firstChild?.nodeValue === text) return;
    status.replaceChildren(text);
    if (link.offline) status.append(" ", h("button", { type: "button", onclick: () => location.reload() }, "Opnieuw verbinden"));
  }

  // -- what applies, progress, radar -------------------------------------------------------------------------------------------

  /** @param {any} section @param {any} objective */
  applies(section, objective) {
    for (const part of [section, objective]) {
      const ticked = this.link.value(part.id, "applicable");
      if (ticked === false || (ticked === null && !part.applies)) return false;
    }
    return true;
  }

  /** @param {any} phase @returns {any[]} */
  sections(phase) {
    return phase.objectives.flatMap((/** @type {any} */ objective) =>
      objective.sections.filter((/** @type {any} */ section) => this.applies(section, objective)),
    );
  }

  /** @param {any} phase */
  radar(phase) {
    const scales = this.sections(phase).map((section) => section.scale);
    return {
      axes: scales.map((scale) => scale.label),
      series: [
        ...this.about.earlier.map((/** @type {any} */ before) => ({
          label: before.label,
          current: false,
          scores: scales.map((scale) => before.scores[scale.id] ?? null),
        })),
        { label: "Nu", current: true, scores: scales.map((scale) => this.link.value(scale.id, "score")) },
      ],
      targets: scales.map((scale) => this.link.value(scale.id, "target")),
    };
  }

  /** @param {any} phase */
  drawCount(phase) {
    const scales = this.sections(phase).map((section) => section.scale);
    const scored = scales.filter((scale) => this.link.value(scale.id, "score") !== null).length;
    const count = this.root.querySelector(`[data-phase="${CSS.escape(phase.id)}"]`);
    if (count) count.replaceChildren(h("span", { "aria-hidden": "true" }, `${scored}/${scales.length}`), h("span", { class: "sts-unseen" }, ` ${scored} van ${scales.length} ingeschaald`));
  }

  /** @param {any} phase */
  drawPictures(phase) {
    const place = this.steps.get(`fase-${phase.number}`)?.panel.querySelector(".sts-pictures");
    if (!place) return;
    const title = `fase ${phase.number}, ${phase.title}`;
    const radar = this.radar(phase);
    place.replaceChildren(
      radar.axes.length
        ? h(
            "div",
            {},
            drawRadar(title, radar),
            legend(radar),
            drawDots(title, radar),
            h("div", { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": `Tabel van fase ${phase.number}` }, drawTable(title, radar)),
          )
        : h("p", {}, "Geen enkele doelstelling van deze fase is voor jullie school van toepassing."),
    );
  }

  /** @param {{item: string, field: string}} changed */
  followField({ item, field }) {
    if (["score", "target", "applicable"].includes(field)) {
      for (const phase of this.plan.phases) {
        const touched = phase.objectives.some(
          (/** @type {any} */ objective) =>
            objective.id === item || objective.sections.some((/** @type {any} */ section) => section.id === item || section.scale.id === item),
        );
        if (!touched) continue;
        this.drawPictures(phase);
        this.drawCount(phase);
      }
    }
    if (field === "applicable") this.root.querySelectorAll("[data-applies]").forEach((/** @type {any} */ element) => element.dispatchEvent(new Event("sts:applies")));
    if (item.startsWith("actie.") && (field === "origin" || field === "removed")) this.drawActionLists();
  }

  // -- a phase -----------------------------------------------------------------------------------------------------------------

  /** @param {any} phase @param {any} panel */
  buildPhase(phase, panel) {
    const work = h("div", { class: "sts-work" }, h("h2", {}, `Fase ${phase.number}: ${phase.title}`), h("p", { class: "sts-intro" }, phase.intro));
    let kind = "algemeen";
    for (const objective of phase.objectives) {
      if (objective.kind !== kind) {
        kind = objective.kind;
        work.append(h("p", { class: "sts-kind" }, this.plan.kinds[kind]));
      }
      work.append(this.buildObjective(objective));
    }
    work.append(this.nextButton(phase));
    panel.append(
      h("div", { class: "sts-columns" }, work, h("aside", { class: "sts-aside", "aria-label": `Zelfscores van fase ${phase.number}` }, h("div", { class: "sts-pictures" }))),
    );
    this.drawPictures(phase);
    this.drawFigures();
    this.drawActionLists();
  }

  /** @param {any} phase */
  nextButton(phase) {
    const names = [...this.steps.keys()];
    const next = names[names.indexOf(`fase-${phase.number}`) + 1];
    const label = next.startsWith("fase-") ? `Naar fase ${phase.number + 1}` : "Naar het overzicht";
    return h("p", { class: "sts-next" }, h("button", { type: "button", class: "sts-secondary", onclick: () => this.open(next, true) }, label));
  }

  /** @param {any} objective */
  buildObjective(objective) {
    const single = objective.sections.length === 1;
    const body = h("div", { class: "sts-objective-body" });
    const away = h("p", { class: "sts-away" }, "Niet van toepassing voor deze school: telt nergens mee en staat niet op de radar.");
    const toggle = h("button", { type: "button", class: "sts-link" });
    const article = h(
      "article",
      { class: "sts-objective", "data-objective": objective.id, "data-applies": true },
      h("header", {}, h("h3", {}, objective.title), toggle),
      away,
      body,
    );
    for (const section of objective.sections) body.append(this.buildSection(section, objective, single));
    body.append(this.buildActions(objective));
    const draw = () => {
      const on = objective.sections.some((/** @type {any} */ section) => this.applies(section, objective));
      toggle.textContent = on ? "Niet van toepassing" : "Toch bespreken";
      toggle.setAttribute("aria-label", `${toggle.textContent}: ${objective.title}`);
      body.hidden = !on;
      away.hidden = on;
    };
    toggle.addEventListener("click", () => {
      const on = objective.sections.some((/** @type {any} */ section) => this.applies(section, objective));
      this.link.change(objective.id, "applicable", !on);
      if (!on) {
        objective.sections.forEach((/** @type {any} */ section) => {
          if (!this.applies(section, objective)) this.link.change(section.id, "applicable", true);
        });
      }
    });
    article.addEventListener("sts:applies", draw);
    draw();
    return article;
  }

  /** @param {any} section @param {any} objective @param {boolean} single */
  buildSection(section, objective, single) {
    const { binder } = this;
    const scale = section.scale;
    const earlier = this.about.earlier.filter((/** @type {any} */ before) => before.scores[scale.id] !== undefined && before.scores[scale.id] !== null);
    const before = earlier.length
      ? h("p", { class: "sts-hint" }, "Vroeger: ", earlier.map((/** @type {any} */ one) => `${scoreText(one.scores[scale.id])} op ${one.label}`).join(", "))
      : null;
    const body = h(
      "div",
      {},
      h("details", { class: "sts-background", open: true }, h("summary", {}, "Achtergrond"), h("p", {}, section.background)),
      section.advice.length > 0 &&
        h("details", { class: "sts-background" }, h("summary", {}, "Advies"), h("ul", {}, ...section.advice.map((/** @type {string} */ line) => h("li", {}, line)))),
      h(
        "div",
        { class: "sts-beside" },
        h("div", { class: "sts-figures", "data-figures": section.figures.join(" ") }),
        h(
          "div",
          {},
          ...section.questions.map((/** @type {any} */ question) => binder.textArea({ item: question.id, field: "answer", label: question.text, strong: true })),
        ),
      ),
      h(
        "div",
        { class: "sts-scale" },
        binder.score({ item: scale.id, legend: scale.prompt, hint: before }),
        binder.textArea({ item: scale.id, field: "evidence", label: "Waarom deze score?", hint: "Wat zien of horen jullie dat dit onderbouwt?" }),
        binder.textArea({ item: scale.id, field: "ambition", label: "Waar willen jullie op inzetten om hoger te komen?" }),
        h("p", { class: "sts-target" }, h("label", {}, "Streefscore ", binder.picker({ item: scale.id, field: "target", label: `Streefscore ${scale.label}` })), " ", binder.savedMark(scale.id, "target")),
      ),
    );
    const toggle = h("button", { type: "button", class: "sts-link" });
    const element = h(
      "section",
      { class: "sts-section", "data-section": section.id, "data-applies": true, "aria-label": section.title },
      !single && h("header", {}, h("h4", {}, section.title), toggle),
      body,
    );
    const draw = () => {
      const on = this.applies(section, objective);
      toggle.textContent = on ? "Niet van toepassing" : "Toch bespreken";
      toggle.setAttribute("aria-label", `${toggle.textContent}: ${section.title}`);
      body.hidden = !on && !single;
    };
    toggle.addEventListener("click", () => this.link.change(section.id, "applicable", !this.applies(section, objective)));
    element.addEventListener("sts:applies", draw);
    draw();
    return element;
  }

  drawFigures() {
    /** @type {import("./card.js").Card[]} */
    const cards = this.model.get("figures");
    this.root.querySelectorAll(".sts-figures").forEach((/** @type {any} */ place) => {
      const wanted = place.dataset.figures.split(" ").filter(Boolean);
      const found = wanted.map((/** @type {string} */ id) => cards.find((card) => card.id === id)).filter(Boolean);
      const mark = (/** @type {any} */ card) => `${card.id}|${card.counted_on}|${card.title}`;
      const standing = new Map([...place.querySelectorAll("figure")].map((figure) => [figure.dataset.mark, figure]));
      const figures = found.map((/** @type {any} */ card) => {
        const figure = standing.get(mark(card)) ?? drawCard(card);
        figure.dataset.mark = mark(card);
        return figure;
      });
      // Figures come one by one: those that stand stay untouched, opened explanations and all.
      if (figures.length && [...place.children].every((child, index) => child === figures[index])) {
        place.append(...figures.slice(place.children.length));
      } else if (figures.length) place.replaceChildren(...figures);
      else if (wanted.length) {
        place.replaceChildren(
          h(
            "p",
            { class: "sts-empty" },
            "Hier horen cijfers van jullie eigen school. ",
            h("button", { type: "button", class: "sts-link", onclick: () => this.open("cijfers", true) }, "Breng een export in"),
          ),
        );
      }
    });
  }

  // -- actions: one list per objective, and all of them in the overview: the same fields ---------------------------------------

  /** @param {string} origin @returns {string[]} */
  actionItems(origin) {
    const items = [];
    for (const [key, field] of this.link.fields) {
      const [item, name] = key.split("::");
      if (name === "origin" && field.value === origin && this.link.value(item, "removed") !== true) items.push(item);
    }
    return items;
  }

  /** @param {any} objective */
  buildActions(objective) {
    return h(
      "div",
      { class: "sts-actions" },
      h("h4", {}, "Geplande acties"),
      h("div", { class: "sts-scroll", "data-actions": objective.id }),
      this.addButton(objective),
    );
  }

  /** @param {any} objective */
  addButton(objective) {
    const label = `Actie toevoegen bij: ${objective.title}`;
    return h("button", { type: "button", class: "sts-secondary", "aria-label": label, onclick: (/** @type {any} */ event) => this.addAction(objective, event.target) }, "Actie toevoegen");
  }

  /** @param {any} objective @param {any} near */
  addAction(objective, near) {
    const item = `actie.${randomHex(8)}`;
    this.link.change(item, "origin", objective.id);
    const scope = near.closest("[data-step]") ?? this.root;
    scope.querySelector(`[data-key="${item}::what"]`)?.focus();
  }

  /** @param {string} item @param {number} order @param {any} objective */
  actionCells(item, order, objective) {
    const cells = ACTION_FIELDS.map(([field, name]) =>
      h("td", {}, this.binder.cell({ item, field, label: `${name}, actie ${order} bij ${objective.title}` }), this.binder.savedMark(item, field)),
    );
    const remove = h(
      "button",
      { type: "button", class: "sts-link", "aria-label": `Actie ${order} weghalen bij ${objective.title}`, onclick: () => this.link.change(item, "removed", true) },
      "Weghalen",
    );
    return [...cells, h("td", { class: "sts-narrow" }, remove)];
  }

  /** Rows of the actions of an objective; rows that stand already keep their fields, focus and all. @param {any} place @param {any} objective */
  actionRows(place, objective) {
    const kept = new Map([...place.querySelectorAll("[data-action]")].map((row) => [row.dataset.action, row]));
    return this.actionItems(objective.id).map(
      (item, index) => kept.get(item) ?? h("tr", { "data-action": item }, ...this.actionCells(item, index + 1, objective)),
    );
  }

  drawActionLists() {
    const objectives = this.plan.phases.flatMap((/** @type {any} */ phase) => phase.objectives);
    this.root.querySelectorAll("[data-actions]").forEach((/** @type {any} */ place) => {
      const objective = objectives.find((/** @type {any} */ one) => one.id === place.dataset.actions);
      const rows = this.actionRows(place, objective);
      const standing = [...place.querySelectorAll("[data-action]")];
      if (place.dataset.drawn && rows.length === standing.length && rows.every((row, index) => row === standing[index])) return;
      place.dataset.drawn = "true";
      const none = "Nog geen actie gepland.";
      if (place.tagName === "TBODY") {
        const scales = place.querySelector(".sts-overview-scales");
        scales.rowSpan = Math.max(1, rows.length);
        const first = rows[0] ?? h("tr", {}, h("td", { colspan: ACTION_FIELDS.length + 1, class: "sts-hint" }, none));
        first.prepend(scales);
        place.replaceChildren(place.firstElementChild, ...(rows.length ? rows : [first]));
      } else if (rows.length) place.replaceChildren(h("table", { class: "sts-table sts-plan" }, planHead(false), h("tbody", {}, ...rows)));
      else place.replaceChildren(h("p", { class: "sts-hint" }, none));
    });
  }

  // -- overview ----------------------------------------------------------------------------------------------------------------

  /** @param {any} panel */
  buildOverview(panel) {
    panel.append(
      h("h2", {}, "Overzicht van doelstellingen en acties"),
      h("p", { class: "sts-intro" }, "Dezelfde scores en acties als op de bladen van de fasen: wat je hier wijzigt, wijzigt daar mee."),
    );
    for (const phase of this.plan.phases) {
      const bodies = [];
      let kind = "algemeen";
      for (const objective of phase.objectives) {
        if (objective.kind !== kind) {
          kind = objective.kind;
          bodies.push(h("tbody", {}, h("tr", {}, h("th", { colspan: 6, scope: "rowgroup", class: "sts-overview-kind" }, this.plan.kinds[kind]))));
        }
        bodies.push(this.overviewBody(objective));
      }
      panel.append(
        h(
          "section",
          { class: "sts-panel", "aria-label": `Overzicht fase ${phase.number}` },
          h("h3", {}, `Fase ${phase.number}: ${phase.title}`),
          h("div", { class: "sts-scroll" }, h("table", { class: "sts-table sts-plan sts-overview" }, planHead(true), ...bodies)),
        ),
      );
    }
    this.drawActionLists();
  }

  /** @param {any} objective */
  overviewBody(objective) {
    const scales = h("td", { class: "sts-overview-scales" });
    const rows = objective.sections.map((/** @type {any} */ section) => {
      const row = h(
        "div",
        {},
        h("label", {}, h("span", {}, section.scale.label), this.binder.picker({ item: section.scale.id, field: "score", label: `Score ${section.scale.label}`, states: true })),
        this.binder.savedMark(section.scale.id, "score"),
      );
      scales.append(row);
      return { section, row };
    });
    const body = h(
      "tbody",
      { "data-applies": true, "data-actions": objective.id },
      h(
        "tr",
        {},
        h("th", { colspan: 6, scope: "rowgroup" }, h("div", { class: "sts-overview-head" }, h("span", {}, objective.title), this.addButton(objective))),
      ),
      h("tr", {}, scales),
    );
    const draw = () => {
      const on = rows.filter((/** @type {any} */ one) => {
        one.row.hidden = !this.applies(one.section, objective);
        return !one.row.hidden;
      });
      body.classList.toggle("sts-off", on.length === 0);
      scales.dataset.away = on.length === 0 ? "niet van toepassing" : "";
    };
    body.addEventListener("sts:applies", draw);
    draw();
    return body;
  }

  // -- closing -----------------------------------------------------------------------------------------------------------------

  /** @param {any} panel */
  buildClosing(panel) {
    const { binder } = this;
    const item = "sessie";
    this.closingStatus = h("p", { class: "sts-closing-status", role: "status" });
    this.closeButton = h("button", { type: "button", class: "sts-primary", onclick: () => this.closeSession() }, "Sessie afsluiten");
    this.archives = h("div", { class: "sts-archives" });
    panel.append(
      h("h2", {}, "Sessie afsluiten"),
      h(
        "p",
        { class: "sts-intro" },
        "Afsluiten schrijft alles wat besproken is in één bestand dat je kunt openen, afdrukken en doorgeven, ook zonder internet. Je kunt daarna nog verder werken: opnieuw afsluiten maakt een nieuwe versie en laat de oude staan.",
      ),
      h(
        "div",
        { class: "sts-closing" },
        binder.textLine({ item, field: "title", label: "Titel van het overleg" }),
        binder.textLine({ item, field: "date", label: "Datum van het overleg", hint: `Als dag/maand/jaar. Leeg gelaten geldt ${this.about.created}.` }),
        binder.textArea({ item, field: "participants", label: "Wie was erbij?", hint: "Noteer functies, geen namen: directie, zorgcoördinator, leerkracht 3de jaar, CLB." }),
        binder.textArea({ item, field: "notes", label: "Afspraken en bedenkingen die nergens anders staan", rows: 3 }),
      ),
      h("p", {}, this.closeButton),
      this.closingStatus,
      this.archives,
    );
    this.drawArchive(this.about.archive);
  }

  closeSession() {
    const { link } = this;
    if (link.offline) {
      this.closingStatus.replaceChildren("Er is nu geen verbinding. Verbind eerst opnieuw; wat je typte wacht veilig in deze browser.");
      return;
    }
    this.closeButton.disabled = true;
    this.closingStatus.replaceChildren("Het archief wordt geschreven…");
    const start = () => {
      if (link.pending.size) return false;
      link.removeEventListener("status", start);
      link.send({ kind: "close", writer: link.writer });
      return true;
    };
    link.flush();
    if (!start()) link.addEventListener("status", start);
  }

  /** @param {any} message */
  followClosing(message) {
    if (!this.closingStatus || !this.closeButton) return;
    if (message.kind === "closing") this.closingStatus.replaceChildren(message.text);
    if (message.kind === "closed") {
      this.closeButton.disabled = false;
      this.closingStatus.replaceChildren(`Afgesloten om ${message.archive.at}.`);
      this.drawArchive(message.archive);
    }
    if (message.kind === "close-failed") {
      this.closeButton.disabled = false;
      this.closingStatus.replaceChildren(message.text);
    }
  }

  /** @param {any} archive */
  drawArchive(archive) {
    if (!archive) return;
    const inPage = Boolean(document.body.dataset.voila);
    this.archives.replaceChildren(
      h(
        "p",
        { class: "sts-archive" },
        inPage ? h("a", { href: `archief/${encodeURIComponent(archive.archive)}`, target: "_blank", rel: "noopener" }, "Open het archief") : null,
        ` ${archive.archive}`,
        h("small", {}, ` SHA-256 ${archive.sha256}`),
      ),
    );
  }
}

/** @param {SessionLink} link @param {number} waiting */
function statusText(link, waiting) {
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

/** The head of a table of actions. @param {boolean} withScale */
function planHead(withScale) {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      withScale && h("th", { scope: "col" }, "Schaal", h("small", {}, "zelfscore")),
      ...ACTION_FIELDS.map(([, name, hint]) => h("th", { scope: "col" }, name, h("small", {}, hint))),
      h("td", {}, h("span", { class: "sts-unseen" }, "Weghalen")),
    ),
  );
}

/** @param {any} radar */
function legend(radar) {
  return h(
    "ul",
    { class: "sts-legend" },
    ...radar.series.map((/** @type {any} */ series, /** @type {number} */ order) => {
      const age = Math.min(radar.series.length - 1 - order, 3);
      return h("li", { class: series.current ? "sts-key-now" : `sts-key-before sts-key-before-${age}` }, series.label);
    }),
    radar.targets.some((/** @type {any} */ target) => target !== null) && h("li", { class: "sts-key-aim" }, "streefscore"),
  );
}

export default {
  /** @param {{model: any}} context */
  initialize({ model }) {
    const link = new SessionLink(model);
    links.set(model.get("session"), link);
    return () => link.close();
  },
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const link = links.get(model.get("session")) ?? new SessionLink(model);
    links.set(model.get("session"), link);
    const form = new SessionForm(model, link, el);
    return () => form.close();
  },
};
