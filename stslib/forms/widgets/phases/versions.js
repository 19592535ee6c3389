// @ts-check
// The archives of a session: the newest with what was made of it, and the versions before.

import { archiveLink } from "../archives.js";
import { h } from "../dom.js";

const SHORT = 12;

/** @typedef {{name: string, path: string}} Made */
/** @typedef {{version: number, at: string, by: string, sha256: string, archive: string, there: boolean, files: Made[]}} Version */
/** @typedef {{kind: string, name: string, state: string, text: string}} Carrier */

/**
 * @param {Version[]} versions the newest first
 * @param {Carrier[]} carriers what is being made, or was, of the newest
 * @param {Record<string, string>} states what a person reads of the state of a carrier
 * @param {(() => void) | null} make makes what is missing of the newest
 */
export function buildVersions(versions, carriers, states, make) {
  const [newest] = versions;
  const missing = carriers.filter((one) => one.state !== "done");
  const again = make && newest.there && (newest.files.length === 0 || missing.length > 0);
  return [
    h("h3", {}, versions.length === 1 ? "Het archief van deze sessie" : "De archieven van deze sessie"),
    h(
      "div",
      { class: "sts-archive" },
      h("p", { class: "sts-buttons" }, newest.there ? archiveLink(newest.archive, "Open het archief") : h("span", {}, "Dit archief staat niet meer in de map."), ...newest.files.map((file) => archiveLink(file.path, file.name))),
      missing.length > 0 && h("ul", { class: "sts-carriers" }, ...missing.map((one) => h("li", { "data-state": one.state }, h("strong", {}, one.name), `: ${states[one.state] ?? one.state}`, one.text && h("small", {}, one.text)))),
      again && h("p", {}, h("button", { type: "button", class: "sts-secondary", "data-keep": "make", onclick: make }, "Excel, PDF en affiche maken")),
    ),
    h(
      "div",
      { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": "Versies van het archief" },
      h(
        "table",
        { class: "sts-table sts-versions" },
        h("caption", {}, "Elke keer dat deze sessie afgesloten werd"),
        h("thead", {}, h("tr", {}, ...["Versie", "Wanneer", "Door wie", "Zegel (SHA-256)", "Bestanden"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, ...versions.map(row)),
      ),
    ),
  ];
}

/** @param {Version} version */
function row(version) {
  const about = `van versie ${version.version}`;
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, version.version),
    h("td", {}, version.at),
    h("td", { dir: "auto" }, version.by || "niet ingevuld"),
    h("td", {}, h("details", {}, h("summary", { "data-keep": `seal-${version.version}` }, h("code", {}, `${version.sha256.slice(0, SHORT)}…`), h("span", { class: "sts-unseen" }, ` volledig zegel ${about}`)), h("code", { class: "sts-seal" }, version.sha256))),
    h("td", {}, version.there ? h("span", { class: "sts-files" }, archiveLink(version.archive, "Archief", about), ...version.files.map((file) => archiveLink(file.path, file.name, about))) : "niet meer in de map"),
  );
}
