// @ts-check
// The way in: trajectories with their sessions, and a form for a new one.

import { archiveAddress } from "./archives.js";
import { OWN_KEYS, h, uniqueId } from "./dom.js";
import { buildReading, buildWelcome } from "./portal/beginning.js";
import { LongWork } from "./portal/work.js";
import { StoredFigures } from "./stored_figures.js";

class Portal {
  /** @param {any} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.served = Boolean(document.body.dataset.voila);
    this.root = h("div", { class: "sts", ...OWN_KEYS });
    el.append(this.root);
    this.list = h("div", { class: "sts-trajectories" });
    this.onList = () => this.drawList();
    this.onMessage = (/** @type {any} */ message) => this.receive(message);
    model.on("change:trajectories", this.onList);
    model.on("msg:custom", this.onMessage);
    this.told = h("div", { role: "status" });
    this.figures = new StoredFigures(model);
    this.work = new LongWork((kind, about) => model.send({ kind, about }));
    this.reading = buildReading((bytes) => model.send({ kind: "read-archive" }, undefined, [bytes]));
    const warning = model.get("warning");
    this.root.append(
      warning ? h("div", { class: "sts-message", "data-level": "warning", role: "status" }, h("p", {}, warning)) : "",
      this.figures.alert,
      h("h2", {}, "Trajecten"),
      this.told,
      this.list,
      this.buildForm(),
      this.reading.element,
      this.figures.element,
    );
    this.drawList();
    model.send({ kind: "shown" });
  }

  close() {
    this.figures.close();
    this.model.off("change:trajectories", this.onList);
    this.model.off("msg:custom", this.onMessage);
  }

  /** @param {string} page @param {string} session */
  address(page, session) {
    return `${page}?sessie=${encodeURIComponent(session)}`;
  }

  /** A first session opens on the fiche for the school, a later one on what became of the actions. @param {any} session */
  opens(session) {
    return this.address(session.number > 1 ? "opvolging" : "school", session.id);
  }

  /** @param {string} session @param {string} page */
  open(session, page) {
    if (this.served) location.assign(this.address(page, session));
    else this.tell("good", `Sessie ${session} is gemaakt. Open ${page}.ipynb en geef dit nummer op.`);
  }

  /** @param {any} message */
  receive(message) {
    if (message.kind === "created") this.open(message.session, message.opens);
    if (message.kind === "refused") this.tell("error", message.text);
    if (message.kind === "work") this.work.take(message);
    if (message.kind === "read" || message.kind === "read-failed") this.reading.tell(message.kind === "read" ? "good" : "error", message.text);
    if (message.kind === "figures-changed") this.figures.tell("good", message.text);
    if (message.kind === "figures-refused") this.figures.tell("error", message.text);
  }

  /** @param {string} level @param {string} text */
  tell(level, text) {
    this.told.replaceChildren(h("div", { class: "sts-message", "data-level": level }, h("p", {}, text)));
    this.told.scrollIntoView({ block: "nearest" });
    for (const button of this.root.querySelectorAll("button")) button.disabled = false;
  }

  drawList() {
    const trajectories = this.model.get("trajectories");
    if (!trajectories.length) {
      this.list.replaceChildren(buildWelcome(this.work, () => this.root.querySelector("form input")?.focus(), () => this.reading.open(), this.served));
      return;
    }
    this.list.replaceChildren(...trajectories.map((/** @type {any} */ trajectory) => this.buildTrajectory(trajectory)));
  }

  /** @param {string} trajectory */
  addSession(trajectory) {
    this.list.before(this.told);
    this.model.send({ kind: "new-session", trajectory });
  }

  /** @param {any} trajectory */
  buildTrajectory(trajectory) {
    const { school, sessions } = trajectory;
    const again = h(
      "button",
      { type: "button", class: "sts-secondary", "aria-label": `Nieuwe sessie voor ${school}`, onclick: () => this.addSession(trajectory.id) },
      "Nieuwe sessie",
    );
    const [latest, ...before] = sessions;
    const due = [trajectory.overdue && h("span", { class: "sts-due-late" }, trajectory.overdue), trajectory.next && h("span", {}, trajectory.next)].filter(Boolean);
    return h(
      "section",
      { class: "sts-panel sts-trajectory", "aria-label": school },
      h("h3", {}, school, trajectory.demo && h("span", { class: "sts-badge" }, "Voorbeeld")),
      h("p", { class: "sts-hint" }, trajectory.about),
      due.length > 0 && h("p", { class: "sts-due" }, ...due),
      h("ol", { class: "sts-route" }, ...[...sessions].reverse().map((/** @type {any} */ session) => this.buildStop(session, school))),
      latest && h("div", { class: "sts-now-open" }, h("p", {}, h("strong", {}, `Sessie ${latest.number}`), ` · ${latest.label}${latest.title ? ` · ${latest.title}` : ""}`), this.buildWays(latest)),
      before.length > 0 &&
        h(
          "details",
          { class: "sts-session-rows" },
          h("summary", {}, before.length === 1 ? "De vorige sessie" : `De vorige ${before.length} sessies`),
          h(
            "ul",
            { class: "sts-sessions" },
            ...before.map((/** @type {any} */ session) => h("li", {}, h("p", {}, h("strong", {}, `Sessie ${session.number}`), ` · ${session.label}${session.title ? ` · ${session.title}` : ""} · ${session.state}`), this.buildWays(session))),
          ),
        ),
      h("div", { class: "sts-buttons" }, again, sessions.length > 0 && this.work.button(trajectory.id, "Archief van het hele traject", `Archief van het hele traject van ${school}`)),
      sessions.length > 0 && this.work.told(trajectory.id, this.served),
    );
  }

  /** One session on the line of the trajectory. @param {any} session @param {string} school */
  buildStop(session, school) {
    const inside = [h("b", { "aria-hidden": "true" }, session.number), h("span", { class: "sts-route-day" }, session.label), h("small", {}, session.state), !this.served && h("code", {}, session.id)];
    const stop = this.served
      ? h("a", { href: this.opens(session), title: session.title || null, "aria-label": `Open sessie ${session.number} van ${school}, ${session.label}, ${session.state}` }, ...inside)
      : h("div", { class: "sts-route-stop" }, ...inside);
    return h("li", { "data-state": session.state }, stop);
  }

  /** The pages of a session, those that hold something marked; and its archive. @param {any} session */
  buildWays(session) {
    const way = (/** @type {string} */ page, /** @type {string} */ name, /** @type {boolean} */ used) =>
      h(
        "li",
        { class: used ? "sts-holds" : "" },
        this.served ? h("a", { href: this.address(page, session.id) }, name) : h("span", {}, name),
        used && h("span", { class: "sts-unseen" }, " (hierin staat al iets)"),
      );
    return h(
      "ul",
      { class: "sts-session-ways", "aria-label": `Sessie ${session.number}` },
      way("opvolging", "Opvolging", false),
      way("cijfers", "Cijfers", false),
      ...session.ways.map((/** @type {any} */ one) => way(one.id, one.short, one.used)),
      session.archive && this.served && h("li", {}, h("a", { href: archiveAddress(session.archive), target: "_blank", rel: "noopener", "aria-label": `Archief van sessie ${session.number}` }, "Archief")),
    );
  }

  buildForm() {
    const choices = this.model.get("choices");
    const field = (/** @type {string} */ label, /** @type {any} */ input, /** @type {string} */ hint) => {
      const id = uniqueId("new");
      input.id = id;
      return h("div", { class: "sts-field" }, h("label", { for: id }, label), h("p", { class: "sts-hint" }, hint), input);
    };
    const school = h("input", { type: "text", autocomplete: "organization", maxlength: 120, required: true });
    const province = h("select", {}, h("option", { value: "" }, "Kies…"), ...choices.provinces.map((/** @type {string[]} */ [value, name]) => h("option", { value }, name)));
    const year = h("select", {}, ...choices.school_years.map((/** @type {string} */ one) => h("option", {}, one)));
    year.value = choices.school_year;
    const levels = choices.levels.map((/** @type {string[]} */ [value, name]) => {
      const input = h("input", { type: "checkbox", value });
      return { input, element: h("label", {}, input, name) };
    });
    const submit = h("button", { type: "submit", class: "sts-primary" }, "Traject beginnen");
    const form = h(
      "form",
      { class: "sts-panel", novalidate: true },
      h("h2", {}, "Nieuw traject"),
      h("div", { class: "sts-grid" }, field("School", school, "De naam zoals jullie die zelf schrijven."), field("Provincie", province, ""), field("Schooljaar", year, "")),
      h("fieldset", { class: "sts-checks" }, h("legend", {}, "Onderwijsniveau (een of meer)"), ...levels.map((/** @type {any} */ level) => level.element)),
      submit,
    );
    form.addEventListener("submit", (/** @type {any} */ event) => {
      event.preventDefault();
      submit.disabled = true;
      submit.before(this.told); // what is wrong is told where it was asked
      const chosen = levels.filter((/** @type {any} */ level) => level.input.checked).map((/** @type {any} */ level) => level.input.value);
      this.model.send({ kind: "new-trajectory", school: school.value, province: province.value, school_year: year.value, levels: chosen });
    });
    return form;
  }
}

export default {
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const portal = new Portal(model, el);
    return () => portal.close();
  },
};
