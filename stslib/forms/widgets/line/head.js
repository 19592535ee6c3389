// @ts-check
// What stands above every page of a session: which session it is, and whether everything is saved.

import { h } from "../dom.js";
import { statusText } from "./link.js";

/** @param {any} about */
export function whereLine(about) {
  return h(
    "p",
    { class: "sts-where" },
    about.demo && h("span", { class: "sts-badge" }, "Voorbeeld"),
    h("strong", {}, about.school),
    ` · sessie ${about.number} · ${about.date}`,
    h("span", { class: "sts-where-more" }, ` · traject sinds ${about.school_year}`, about.wording && ` · eigen bewoording: ${about.wording}`),
  );
}

/** The way to the other pages, and the way back. @param {any} ways @param {any} history */
export function secondLine(ways, history) {
  return h("div", { class: "sts-bar-line sts-bar-ways" }, ways, history);
}

/** The way to the other pages of this session; nothing where there is no other. @param {{id: string, short: string, used: boolean, address: string}[]} ways @param {string} current the page that is shown */
export function waysLine(ways, current) {
  if (!document.body.dataset.voila || ways.length < 2) return null;
  return h(
    "nav",
    { class: "sts-ways", "aria-label": "Instrumenten van deze sessie" },
    h(
      "ul",
      {},
      ...ways.map((way) =>
        h(
          "li",
          { class: way.used ? "sts-used" : "" },
          h("a", { href: way.address, "aria-current": way.id === current ? "page" : null }, way.short, way.used && h("span", { class: "sts-unseen" }, " (hierin staat al iets)")),
        ),
      ),
    ),
  );
}

/** "Alles bewaard", or what waits and where; with a way back when the line is gone. @param {import("../fields/fields.js").Binder} binder */
export function savingLine(binder) {
  const { link } = binder;
  const line = h("p", { class: "sts-saving", role: "status" });
  const draw = () => {
    line.dataset.state = link.offline ? "offline" : link.trouble ? "trouble" : link.pending.size ? "waiting" : "saved";
    const text = statusText(link);
    if (line.firstChild?.nodeValue === text) return;
    line.replaceChildren(text);
    if (link.offline) line.append(" ", h("button", { type: "button", onclick: () => location.reload() }, "Opnieuw verbinden"));
  };
  binder.listen(link, "status", draw);
  draw();
  return line;
}
