// @ts-check
// The radar, the dot plot and the table of one phase, all three from the same values: at most seven axes, fixed 0 to 10, a gap for
// what has no number, earlier sessions in lighter lines, targets as marks.

import { h, svg } from "../dom.js";

/** `aspect` is what a series measures, where an instrument measures more than one thing. */
/** @typedef {{label: string, current: boolean, aspect?: string, scores: any[]}} Series */
/** @typedef {{axes: string[], series: Series[], targets: (number | null)[]}} Radar */

const CENTER = 210;
const RADIUS = 128;
const LINE = 19; // from one line of a label to the next
const LETTER = 9.2; // how wide a letter is at most, on average

/** @param {any} score @returns {string} */
export function scoreText(score) {
  if (typeof score === "number") return String(score);
  if (score === "unknown") return "weet niet";
  return score === "not_applicable" ? "n.v.t." : "niet besproken";
}

/** @param {Series} series */
export function seriesName(series) {
  const when = series.current ? "Nu" : series.label;
  return series.aspect ? `${series.aspect}, ${series.current ? "nu" : when}` : when;
}

/** How a series looks: now or before and how long ago, and which aspect. @param {Radar} radar @param {Series} series */
export function seriesClass(radar, series) {
  const aspects = [...new Set(radar.series.map((one) => one.aspect ?? ""))];
  const moments = [...new Set(radar.series.map((one) => (one.current ? "" : one.label)))];
  const age = moments.length - 1 - moments.indexOf(series.current ? "" : series.label);
  const kind = series.current ? "sts-now" : `sts-before sts-before-${Math.min(age, 3)}`;
  return `${kind} sts-aspect-${aspects.indexOf(series.aspect ?? "")}`;
}

/** @param {any[]} scores @returns {(number | null)[]} */
function numbers(scores) {
  return scores.map((score) => (typeof score === "number" ? score : null));
}

/** Two lines at most, split where they come out most alike. @param {string} label */
export function wrapLabel(label) {
  const words = label.split(" ");
  if (label.length <= 14 || words.length === 1) return [label];
  const splits = words.slice(1).map((_, index) => [words.slice(0, index + 1).join(" "), words.slice(index + 1).join(" ")]);
  return splits.sort((one, other) => Math.max(...one.map((line) => line.length)) - Math.max(...other.map((line) => line.length)))[0];
}

/** @param {number} index @param {number} count @param {number} value 0 to 10 */
function point(index, count, value) {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  const length = (RADIUS * value) / 10;
  return [CENTER + length * Math.cos(angle), CENTER + length * Math.sin(angle)];
}

/** A line through neighbouring numbers; broken where a number is missing, closed when none is. @param {(number | null)[]} values */
function path(values) {
  const count = values.length;
  const whole = count > 2 && values.every((value) => value !== null);
  let command = "";
  for (let index = 0; index < count; index += 1) {
    const value = values[index];
    if (value === null) continue;
    const [x, y] = point(index, count, value);
    const before = index > 0 && values[index - 1] !== null;
    command += `${before ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)} `;
  }
  const last = values[count - 1];
  if (whole) return `${command}Z`;
  if (count > 2 && last !== null && values[0] !== null) {
    const [x, y] = point(0, count, values[0]);
    const [fromX, fromY] = point(count - 1, count, last);
    command += `M${fromX.toFixed(1)} ${fromY.toFixed(1)} L${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return command;
}

/** In words what the picture shows. @param {string} title @param {Radar} radar */
export function describe(title, radar) {
  const lines = radar.series
    .filter((series) => series.current)
    .map((series) => {
      const parts = radar.axes.map((axis, index) => `${axis}: ${scoreText(series.scores[index])}`);
      return `${series.aspect ? `${series.aspect}: ` : ""}${parts.join("; ")}.`;
    });
  return `Radar van ${title}. ${lines.join(" ")}`;
}

/** @param {string} title @param {Radar} radar @returns {SVGElement} */
export function drawRadar(title, radar) {
  const count = radar.axes.length;
  const picture = svg("svg", { class: "sts-radar", role: "img", "aria-label": describe(title, radar) });
  for (const ring of [2, 4, 6, 8, 10]) {
    const corners = radar.axes.map((_, index) => point(index, count, ring).map((part) => part.toFixed(1)).join(","));
    picture.append(
      count > 2
        ? svg("polygon", { points: corners.join(" "), class: "sts-ring" })
        : svg("circle", { cx: CENTER, cy: CENTER, r: (RADIUS * ring) / 10, class: "sts-ring" }),
    );
    picture.append(svg("text", { x: CENTER + 4, y: CENTER - (RADIUS * ring) / 10 + 13, class: "sts-ring-text" }, ring));
  }
  // As small a frame as holds the labels: the picture is then as large as the room beside the questions allows.
  const frame = { left: 20, top: CENTER - RADIUS - 10, right: 400, bottom: CENTER + RADIUS + 10 };
  radar.axes.forEach((axis, index) => {
    const [x, y] = point(index, count, 10);
    picture.append(svg("line", { x1: CENTER, y1: CENTER, x2: x, y2: y, class: "sts-spoke" }));
    const [labelX, labelY] = point(index, count, 11.3);
    const side = Math.abs(labelX - CENTER) < 12 ? "middle" : labelX > CENTER ? "start" : "end";
    const lines = wrapLabel(axis);
    const share = labelY < CENTER - 60 ? 1 : labelY > CENTER + 60 ? 0.25 : 0.5; // above its point, below it, or beside it
    const top = labelY + 6 - (lines.length - 1) * LINE * share;
    const width = Math.max(...lines.map((line) => line.length)) * LETTER;
    frame.left = Math.min(frame.left, labelX - width * { start: 0, middle: 0.5, end: 1 }[side]);
    frame.right = Math.max(frame.right, labelX + width * { start: 1, middle: 0.5, end: 0 }[side]);
    frame.top = Math.min(frame.top, top - LINE);
    frame.bottom = Math.max(frame.bottom, top + (lines.length - 1) * LINE + 7);
    const text = svg("text", { class: "sts-axis", "text-anchor": side });
    lines.forEach((line, row) => text.append(svg("tspan", { x: labelX, y: top + row * LINE }, line)));
    picture.append(text);
  });
  picture.setAttribute("viewBox", [frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top].map(Math.round).join(" "));
  radar.series.forEach((series) => {
    const values = numbers(series.scores);
    const group = svg("g", { class: seriesClass(radar, series), "data-series": seriesName(series) });
    group.append(svg("path", { d: path(values), class: values.every((value) => value !== null) ? "sts-shape sts-whole" : "sts-shape" }));
    values.forEach((value, index) => {
      if (value === null) return;
      const [x, y] = point(index, count, value);
      group.append(
        svg("circle", { cx: x, cy: y, r: series.current ? 5.5 : 3.5, "data-axis": radar.axes[index], "data-value": value }),
      );
    });
    picture.append(group);
  });
  radar.targets.forEach((target, index) => {
    if (target === null) return;
    const [x, y] = point(index, count, target);
    const diamond = `M${x} ${y - 7} L${x + 7} ${y} L${x} ${y + 7} L${x - 7} ${y} Z`;
    picture.append(svg("path", { d: diamond, class: "sts-aim", "data-axis": radar.axes[index], "data-target": target }));
  });
  return picture;
}

/** Every moment per scale, the scales sorted from low to high: what a radar hides. @param {string} title @param {Radar} radar */
export function drawDots(title, radar) {
  const current = radar.series.filter((series) => series.current);
  const last = current[current.length - 1];
  const order = radar.axes.map((_, index) => index);
  const rank = (/** @type {number} */ index) => (typeof last.scores[index] === "number" ? last.scores[index] : 99);
  order.sort((one, other) => rank(one) - rank(other));
  const height = 30 + order.length * 24;
  const x = (/** @type {number} */ value) => 184 + value * 22;
  const picture = svg("svg", {
    viewBox: `0 0 420 ${height}`,
    class: "sts-dots",
    role: "img",
    "aria-label": `Scores van ${title}, van laag naar hoog; de tabel eronder geeft dezelfde waarden.`,
  });
  for (const value of [0, 2, 4, 6, 8, 10]) {
    picture.append(svg("line", { x1: x(value), y1: 20, x2: x(value), y2: height - 8, class: "sts-ring" }));
    picture.append(svg("text", { x: x(value), y: 13, class: "sts-ring-text", "text-anchor": "middle" }, value));
  }
  order.forEach((index, row) => {
    const y = 36 + row * 24;
    picture.append(svg("text", { x: 173, y: y + 5, class: "sts-axis", "text-anchor": "end" }, radar.axes[index]));
    const seen = radar.series.filter((series) => typeof series.scores[index] === "number");
    // The last step to now, or what lies between two aspects of now.
    const ends = current.length > 1 ? seen.filter((series) => series.current) : seen.slice(-2);
    if (ends.length === 2 && ends[1].current) {
      const [from, to] = ends.map((series) => x(series.scores[index]));
      picture.append(svg("line", { x1: from, y1: y, x2: to, y2: y, class: "sts-step-line" }));
    }
    for (const series of seen) {
      const mark = svg("g", { class: seriesClass(radar, series) });
      mark.append(svg("circle", { cx: x(series.scores[index]), cy: y, r: series.current ? 6.5 : 4.5 }));
      picture.append(mark);
    }
    const target = radar.targets[index];
    if (typeof target === "number") {
      const at = x(target);
      picture.append(svg("path", { d: `M${at} ${y - 7} L${at + 7} ${y} L${at} ${y + 7} L${at - 7} ${y} Z`, class: "sts-aim" }));
    }
    if (seen.length === 0) {
      picture.append(svg("text", { x: x(0), y: y + 4, class: "sts-ring-text" }, scoreText(last.scores[index])));
    }
  });
  return picture;
}

/** The same values as a table. @param {string} title @param {Radar} radar */
export function drawTable(title, radar) {
  const withTargets = radar.targets.some((target) => target !== null);
  return h(
    "table",
    { class: "sts-table sts-scores" },
    h("caption", {}, `Scores van ${title} (– is niet besproken)`),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "Schaal"),
        ...radar.series.map((series) => h("th", { scope: "col" }, seriesName(series))),
        withTargets && h("th", { scope: "col" }, "Streef"),
      ),
    ),
    h(
      "tbody",
      {},
      ...radar.axes.map((axis, index) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, axis),
          ...radar.series.map((series) => h("td", {}, series.scores[index] === null ? "–" : scoreText(series.scores[index]))),
          withTargets && h("td", {}, radar.targets[index] ?? "–"),
        ),
      ),
    ),
  );
}
