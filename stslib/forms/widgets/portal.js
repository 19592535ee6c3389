// @ts-check
// The way in: trajectories with their sessions, and a form for a new one.

import { OWN_KEYS, h, uniqueId } from "./dom.js";

class Portal {
  /** @param {any} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.root = h("div", { class: "sts", ...OWN_KEYS });
    el.append(this.root);
    this.list = h("div", { class: "sts-trajectories" });
    this.onList = () => this.drawList();
    this.onMessage = (/** @type {any} */ message) => this.receive(message);
    model.on("change:trajectories", this.onList);
    model.on("msg:custom", this.onMessage);
    this.told = h("div", { role: "status" });
    this.root.append(h("h2", {}, "Trajecten"), this.told, this.list, this.buildForm());
    this.drawList();
  }

  close() {
    this.model.off("change:trajectories", this.onList);
    this.model.off("msg:custom", this.onMessage);
  }

  /** @param {string} session */
  address(session) {
    return `preventieplan?sessie=${encodeURIComponent(session)}`;
  }

  /** @param {string} session */
  open(session) {
    if (document.body.dataset.voila) location.assign(this.address(session));
    else this.tell("good", `Sessie ${session} is gemaakt. Open preventieplan.ipynb en geef dit nummer op.`);
  }

  /** @param {any} message */
  receive(message) {
    if (message.kind === "created") this.open(message.session);
    if (message.kind === "refused") this.tell("error", message.text);
  }

  /** @param {string} level @param {string} text */
  tell(level, text) {
    this.told.replaceChildren(h("div", { class: "sts-message", "data-level": level }, h("p", {}, text)));
    for (const button of this.root.querySelectorAll("button")) button.disabled = false;
  }

  drawList() {
    const trajectories = this.model.get("trajectories");
    if (!trajectories.length) {
      this.list.replaceChildren(h("p", { class: "sts-empty" }, "Er is nog geen traject. Vul hieronder de school in en begin met de eerste sessie."));
      return;
    }
    this.list.replaceChildren(
      ...trajectories.map((/** @type {any} */ trajectory) => {
        const again = h(
          "button",
          { type: "button", class: "sts-secondary", "aria-label": `Nieuwe sessie voor ${trajectory.school}`, onclick: () => this.model.send({ kind: "new-session", trajectory: trajectory.id }) },
          "Nieuwe sessie",
        );
        return h(
          "section",
          { class: "sts-panel sts-trajectory", "aria-label": trajectory.school },
          h("h3", {}, trajectory.school, trajectory.demo && h("span", { class: "sts-badge" }, "Voorbeeld")),
          h("p", { class: "sts-hint" }, trajectory.about),
          h(
            "ul",
            { class: "sts-sessions" },
            ...trajectory.sessions.map((/** @type {any} */ session) =>
              h(
                "li",
                {},
                h("span", {}, h("strong", {}, `Sessie ${session.number}`), ` · ${session.label} · ${session.state}`),
                document.body.dataset.voila
                  ? h("a", { href: this.address(session.id), "aria-label": `Open sessie ${session.number} van ${trajectory.school}` }, "Openen")
                  : h("code", {}, session.id),
              ),
            ),
          ),
          again,
        );
      }),
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
