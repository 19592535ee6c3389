// @ts-check
// How somebody begins: a school of their own, the example, or an archive from another computer.

import { h, uniqueId } from "../dom.js";

const LARGEST = 60 * 1024 * 1024;
const EXAMPLE = "voorbeeld";

/**
 * What stands in the place of the list while there is no trajectory.
 * @param {import("./work.js").LongWork} work
 * @param {() => void} begin goes to the form
 * @param {() => void} read goes to reading an archive
 * @param {boolean} served
 */
export function buildWelcome(work, begin, read, served) {
  const way = (/** @type {string} */ title, /** @type {string} */ text, /** @type {any[]} */ ...ways) => h("li", {}, h("h3", {}, title), h("p", {}, text), ...ways);
  return h(
    "div",
    { class: "sts-welcome" },
    h("p", {}, "Er is nog geen traject op deze computer. Hoe wil je beginnen?"),
    h(
      "ul",
      { class: "sts-beginnings" },
      way("Met jullie school", "Vul hieronder de school in. Je komt meteen in de eerste sessie, met alle instrumenten.", h("button", { type: "button", class: "sts-primary", onclick: begin }, "Nieuw traject invullen")),
      way(
        "Eerst rondkijken",
        "Zet een verzonnen school klaar, met vier overleggen en cijfers van afwezigheden. Niets ervan is echt.",
        work.button(EXAMPLE, "Voorbeeldschool klaarzetten", "Voorbeeldschool klaarzetten"),
        work.told(EXAMPLE, served),
      ),
      way("Verder van een andere computer", "Heb je een archief van een eerder overleg? Lees het in en werk verder.", h("button", { type: "button", class: "sts-secondary", onclick: read }, "Archief inlezen")),
    ),
    served && h("p", {}, "Liever eerst lezen hoe het gaat? ", h("a", { href: "gids" }, "Open de gids"), "."),
  );
}

/**
 * Reading an archive in.
 * @param {(bytes: ArrayBuffer) => void} send
 */
export function buildReading(send) {
  const id = uniqueId("read");
  const name = h("span", {}, "Nog geen bestand gekozen");
  const input = h("input", { type: "file", id, accept: ".html,text/html", "aria-describedby": `${id}-hint` });
  const told = h("div", { role: "status" });
  const button = h("button", { type: "button", class: "sts-primary" }, "Archief inlezen");
  const tell = (/** @type {string} */ level, /** @type {string} */ text) => {
    button.disabled = false;
    told.replaceChildren(h("div", { class: "sts-message", "data-level": level }, h("p", {}, text)));
  };
  input.addEventListener("change", () => {
    name.textContent = input.files?.[0]?.name ?? "Nog geen bestand gekozen";
    told.replaceChildren();
  });
  button.addEventListener("click", async () => {
    const file = input.files?.[0];
    if (!file) {
      tell("error", "Kies eerst het bestand van het archief: een webpagina die eindigt op .html.");
      input.focus();
    } else if (file.size > LARGEST) tell("error", `Dit bestand is met ${Math.round(file.size / 1_000_000)} MB te groot voor een archief. Kies een bestand dat 'Sessie afsluiten' gemaakt heeft.`);
    else {
      button.disabled = true;
      told.replaceChildren(h("p", {}, "Het archief wordt nagekeken en ingelezen…"), h("progress", { "aria-label": "Archief inlezen" }));
      try {
        send(await file.arrayBuffer());
      } catch {
        tell("error", "Dit bestand kan niet gelezen worden. Kies het opnieuw.");
      }
    }
  });
  const element = h(
    "details",
    { class: "sts-panel sts-reading" },
    h("summary", {}, "Archief inlezen van een andere computer"),
    h("p", { class: "sts-hint", id: `${id}-hint` }, "Een archief van een sessie of van een heel traject. Het wordt eerst nagekeken; wat hier al staat, wordt nooit overschreven."),
    h("div", { class: "sts-field" }, h("label", { for: id }, "Bestand van het archief"), h("div", { class: "sts-file" }, input, h("b", { "aria-hidden": "true" }, "Kies een bestand"), name)),
    button,
    told,
  );
  const open = () => {
    element.open = true;
    element.scrollIntoView({ block: "nearest" });
    input.focus();
  };
  return { element, tell, open };
}
