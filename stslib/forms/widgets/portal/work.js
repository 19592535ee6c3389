// @ts-check
// Work of the portal that takes a while: the archive of a whole trajectory, the example. It goes on when the page is closed.

import { archiveAddress } from "../archives.js";
import { h } from "../dom.js";

/** @typedef {{about: string, running: boolean, phase?: string, stage?: string, share?: number, text?: string, closed?: any, made?: {kind: string, name: string, state: string, text: string}[]}} Step */

export class LongWork {
  /** @param {(kind: string, about: string) => void} ask */
  constructor(ask) {
    this.ask = ask;
    /** @type {Map<string, Step>} */
    this.steps = new Map();
    /** @type {Map<string, {button?: any, place?: any, served?: boolean}>} */
    this.parts = new Map();
  }

  /** @param {string} about */
  part(about) {
    const part = this.parts.get(about) ?? {};
    this.parts.set(about, part);
    return part;
  }

  /** What begins it. @param {string} about @param {string} text @param {string} heard */
  button(about, text, heard) {
    const begin = () => {
      this.take({ about, running: true, phase: "", stage: "beginnen", share: 0 });
      this.ask("begin-work", about);
      this.part(about).place?.querySelector("button")?.focus();
    };
    const button = h("button", { type: "button", class: "sts-secondary", "aria-label": heard, onclick: begin }, text);
    this.part(about).button = button;
    this.draw(about);
    return button;
  }

  /** Where it is told how far it is, and what came of it. @param {string} about @param {boolean} served */
  told(about, served) {
    const place = h("div", { class: "sts-job" });
    Object.assign(this.part(about), { place, served });
    this.draw(about);
    return place;
  }

  /** @param {Step} step */
  take(step) {
    this.steps.set(step.about, step);
    this.draw(step.about);
  }

  /** @param {string} about */
  draw(about) {
    const { button, place, served } = this.part(about);
    const step = this.steps.get(about);
    if (button) button.disabled = Boolean(step?.running);
    if (!place || !step) return;
    const standing = place.querySelector("progress");
    if (step.running && standing) {
      this.drawShare(standing, step);
      place.querySelector(".sts-work-told").textContent = this.sentence(step);
      return;
    }
    const focused = place.contains(document.activeElement);
    if (step.running) {
      const bar = h("progress", { max: 1, "aria-label": "Voortgang" });
      this.drawShare(bar, step);
      const stop = () => {
        this.ask("stop-work", about);
        place.querySelector(".sts-work-told").textContent = "Stoppen…";
      };
      place.replaceChildren(
        h("p", { class: "sts-work-told", role: "status" }, this.sentence(step)),
        bar,
        step.phase !== "demo" && about !== "voorbeeld" ? h("p", {}, h("button", { type: "button", class: "sts-secondary", onclick: stop }, "Stop")) : "",
      );
      return;
    }
    const failed = (step.made ?? []).filter((one) => one.state === "failed");
    const made = (step.made ?? []).filter((one) => one.state === "done");
    const { closed } = step;
    place.replaceChildren(
      h(
        "div",
        { class: "sts-message", "data-level": step.phase === "failed" ? "error" : closed ? "good" : "", role: "status" },
        h("p", {}, step.text || (closed ? `Het archief van het hele traject staat klaar (versie ${closed.version}).` : "Klaar.")),
        closed && served && h("p", { class: "sts-buttons" }, link(closed.archive, "Open het archief"), ...made.map((one) => link(closed.archive.replace(/\.html$/, one.kind === "xlsx" ? ".xlsx" : ".pdf"), one.name))),
        closed && !served && h("p", {}, h("code", {}, closed.archive)),
        ...failed.map((one) => h("p", {}, `${one.name}: ${one.text}`)),
      ),
    );
    if (focused) button?.focus();
  }

  /** @param {HTMLProgressElement} bar @param {Step} step */
  drawShare(bar, step) {
    if (step.phase === "demo" || (step.phase === "" && step.about === "voorbeeld")) bar.removeAttribute("value");
    else if (step.phase === "carriers") {
      const made = step.made ?? [];
      bar.value = made.length ? made.filter((one) => !["waiting", "busy"].includes(one.state)).length / made.length : 0;
    } else bar.value = step.share ?? 0;
  }

  /** @param {Step} step */
  sentence(step) {
    if (step.about === "voorbeeld") return "De voorbeeldschool wordt klaargezet. Dat duurt ongeveer een halve minuut…";
    if (step.phase === "carriers") return `Het archief staat er. Nu wordt gemaakt: ${step.stage}.`;
    return `Het archief van het hele traject wordt gemaakt: ${step.stage}.`;
  }
}

/** @param {string} path @param {string} text */
function link(path, text) {
  return h("a", { href: archiveAddress(path), target: "_blank", rel: "noopener" }, text);
}
