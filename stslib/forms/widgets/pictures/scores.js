// @ts-check
// The self-scores of a phase beside its questions: radar, legend, dot plot and table, drawn again at each score.

import { h } from "../dom.js";
import { drawDots, drawRadar, drawTable, seriesClass, seriesName } from "./radar.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

/** The scores of a phase: earlier sessions that gave a number first, this one last; a series per aspect. @param {Page} page @param {any} phase */
export function radarOf(page, phase) {
  const sections = page.sections(phase).filter((section) => section.scales.length);
  const aspects = Object.entries(page.instrument.aspects);
  const lines = (aspects.length ? aspects : [["", ""]]).map(([aspect, name]) => ({
    aspect: name,
    scales: sections.map((section) => section.scales.find((/** @type {any} */ scale) => scale.aspect === aspect) ?? null),
  }));
  const series = [];
  for (const before of page.about.earlier) {
    const found = lines.map(({ aspect, scales }) => ({ label: before.label, current: false, aspect, scores: scales.map((scale) => (scale ? (before.scores[scale.id] ?? null) : null)) }));
    if (found.some((one) => one.scores.some((score) => typeof score === "number"))) series.push(...found);
  }
  for (const { aspect, scales } of lines) {
    series.push({ label: "Nu", current: true, aspect, scores: scales.map((scale) => (scale ? page.link.value(scale.id, "score") : null)) });
  }
  const { scales } = lines[lines.length - 1];
  return {
    axes: sections.map((section) => section.scales[0].label),
    series,
    targets: scales.map((scale) => (scale ? page.link.value(scale.id, "target") : null)),
  };
}

/** @param {Page} page @param {any} phase */
export function drawPictures(page, phase) {
  const place = page.panelOf(phase)?.querySelector(".sts-pictures");
  if (!place) return;
  const title = `${phase.name.toLowerCase()}, ${phase.title}`;
  const radar = radarOf(page, phase);
  const scored = radar.series.some((series) => series.scores.some((score) => score !== null));
  const table = h("div", { class: "sts-scroll", tabindex: 0, role: "region", "aria-label": `Tabel van ${phase.name.toLowerCase()}` }, drawTable(title, radar));
  const fold = h("details", { class: "sts-values", ontoggle: (/** @type {any} */ event) => (page.tableOpen = event.target.open) }, h("summary", {}, "Als tabel"), table);
  fold.open = page.tableOpen;
  place.replaceChildren(
    radar.axes.length
      ? h(
          "div",
          {},
          drawRadar(title, radar),
          drawLegend(radar),
          scored ? drawDots(title, radar) : h("p", { class: "sts-empty" }, "Nog geen score in deze fase. Geef er één bij een onderdeel: de radar volgt meteen."),
          fold,
        )
      : h("p", {}, "Geen enkel onderdeel van deze fase is voor jullie school van toepassing."),
  );
}

/** @param {import("./radar.js").Radar} radar */
export function drawLegend(radar) {
  const targets = radar.targets.some((target) => target !== null);
  return h(
    "ul",
    { class: "sts-legend" },
    ...radar.series.map((series) => h("li", { class: `sts-key ${seriesClass(radar, series)}` }, seriesName(series))),
    targets && h("li", { class: "sts-key-aim" }, "streefscore"),
  );
}
