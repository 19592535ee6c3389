// @ts-check
// A row of steps and the panel of the one that is open; a panel is built when it is first opened.

import { h, uniqueId } from "../dom.js";

export class Steps {
  /** @param {string} name what the steps are of @param {{left: () => void, opened: (id: string) => void}} hooks called before a step is left, and once another is open */
  constructor(name, { left, opened }) {
    this.left = left;
    this.opened = opened;
    this.current = "";
    this.list = h("ol", { class: "sts-steps" });
    this.nav = h("nav", { "aria-label": `Stappen van: ${name}` }, this.list);
    this.panels = h("div", {});
    /** @type {Map<string, {button: any, panel: any, build: ((panel: any) => void) | null}>} */
    this.steps = new Map();
  }

  /** @param {string} id @param {string} name @param {string} title @param {(panel: any) => void} build */
  add(id, name, title, build) {
    const panelId = uniqueId("step");
    const button = h(
      "button",
      { type: "button", "aria-controls": panelId, onclick: () => this.open(id, true) },
      h("span", { class: "sts-step-name" }, name),
      h("span", { class: "sts-step-title" }, title),
    );
    const panel = h("section", { class: "sts-step", id: panelId, hidden: true, "data-step": id });
    this.list.append(h("li", {}, button));
    this.panels.append(panel);
    this.steps.set(id, { button, panel, build });
  }

  /** Show a step; a person who asks for it is taken to its heading. @param {string} id @param {boolean} byPerson */
  open(id, byPerson) {
    const chosen = this.steps.get(id);
    if (!chosen) return;
    this.left();
    for (const step of this.steps.values()) {
      step.panel.hidden = step !== chosen;
      if (step === chosen) step.button.setAttribute("aria-current", "step");
      else step.button.removeAttribute("aria-current");
    }
    this.current = id;
    const { build } = chosen;
    chosen.build = null;
    build?.(chosen.panel);
    this.opened(id);
    if (!byPerson) return;
    if (document.body.dataset.voila) history.replaceState(null, "", `#${id}`);
    const heading = chosen.panel.querySelector("h2");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    this.nav.closest(".sts")?.scrollIntoView({ block: "start" });
  }

  /** The step that the address asks for, if there is such a one. */
  asked() {
    const wanted = document.body.dataset.voila ? location.hash.slice(1) : "";
    return this.steps.has(wanted) ? wanted : "";
  }
}
