// @ts-check
// The school's own figure since the plan began: which one, of whom, since when; counted anew each time it is asked for.

import { askedFigure, groupPicker } from "../pictures/asked.js";
import { h } from "../dom.js";
import { readsAsDay } from "../fields/fields.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

const MEASURES = [
  { id: "rate", label: "alle afwezigheid" },
  { id: "rate_unlawful", label: "ongewettigde afwezigheid" },
  { id: "rate_lawful", label: "gewettigde afwezigheid" },
  { id: "late", label: "te laat komen" },
];

/** @param {Page} page @param {any} block */
export function buildIndicator(page, block) {
  const { binder, link } = page;
  const item = block.id;
  const about = `(${block.title})`;
  const definition = () => {
    const measure = link.value(item, "measure");
    const start = String(link.value(item, "since") ?? "").trim();
    if (!measure || !readsAsDay(start)) return null;
    return { figure: "since", measure, dimension: link.value(item, "dimension") ?? "", value: link.value(item, "value") ?? "", start };
  };
  return h(
    "div",
    { class: "sts-indicator" },
    h(
      "div",
      { class: "sts-fields" },
      binder.choice({ item, field: "measure", label: "Welk cijfer volgen jullie?", options: MEASURES, about }),
      groupPicker(page, { item, label: "Van welke groep?", about, none: "de hele school", wholeIsNone: true, hint: "Liefst de groep waar jullie plan over gaat." }),
      binder.date({ item, field: "since", label: "Sinds welke dag loopt het plan?", about }),
    ),
    askedFigure(page, {
      item,
      watched: ["measure", "dimension", "value", "since"],
      definition,
      hint: "Kies een cijfer en de dag waarop het plan begon: dan staat hier hoe het sindsdien loopt, naast de periode ervoor.",
    }),
  );
}
