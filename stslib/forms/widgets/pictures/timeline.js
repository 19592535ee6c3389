// @ts-check
// Sessions and agreed dates on one line of time.

import { h, svg } from "../dom.js";

const DAY = 86_400_000;
const MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
const LEFT = 40;
const WIDTH = 920;

/** The day that somebody typed, as ISO; empty when it reads as none. @param {string} text */
export function dayOf(text) {
  const typed = /^\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*$/.exec(text);
  const iso = /^\s*(\d{4})-(\d{2})-(\d{2})\s*$/.exec(text);
  const parts = typed ? [typed[3], typed[2], typed[1]] : iso?.slice(1);
  if (!parts) return "";
  const [year, month, day] = parts.map(Number);
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  const right = year > 0 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return right ? made.toISOString().slice(0, 10) : "";
}

/** @param {string} day ISO */
const timeOf = (day) => Date.parse(`${day}T00:00:00Z`);

/** The first day of every month, quarter or year between two moments: not more than some twelve. @param {number} from @param {number} to */
function ticks(from, to) {
  const months = (to - from) / DAY / 30.4;
  const step = [1, 2, 3, 6, 12, 24, 60].find((one) => months / one <= 12) ?? 120;
  const found = [];
  const start = new Date(from);
  let month = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth() + (start.getUTCDate() > 1 ? 1 : 0)) / step) * step;
  for (; ; month += step) {
    const time = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (time > to) return found;
    found.push({ time, label: `${MONTHS[month % 12]} ${Math.floor(month / 12)}` });
  }
}

/**
 * Marks on a line, each in the lowest row where it touches no other.
 * @param {{x: number}[]} marks sorted by x @param {number} room
 */
function rowsOf(marks, room) {
  /** @type {number[]} */
  const ends = [];
  return marks.map(({ x }) => {
    let row = ends.findIndex((end) => x - end >= room);
    if (row < 0) row = ends.length;
    ends[row] = x;
    return row;
  });
}

/** @param {{today: string, number: number, moments: any[], dates: any[]}} about @returns {SVGElement} */
export function drawTimeline(about) {
  const days = [...about.moments, ...about.dates].map((one) => timeOf(one.day)).concat(timeOf(about.today));
  const from = Math.min(...days) - 10 * DAY;
  const to = Math.max(...days) + 10 * DAY;
  const x = (/** @type {string} */ day) => LEFT + (WIDTH * (timeOf(day) - from)) / (to - from);
  const moments = about.moments.map((moment) => ({ moment, x: x(moment.day) })).sort((one, other) => one.x - other.x);
  const dates = about.dates.map((date) => ({ date, x: x(date.day) })).sort((one, other) => one.x - other.x);
  const momentRows = rowsOf(moments, 34);
  const dateRows = rowsOf(dates, 22);
  const line = 62 + 34 * Math.max(...momentRows, 0);
  const height = line + 62 + 24 * Math.max(...dateRows, 0);
  const told = [
    ...about.moments.map((moment) => `sessie ${moment.number} op ${moment.label}`),
    ...about.dates.map((date) => `${date.overdue ? "over tijd sinds" : "afgesproken op"} ${date.label}: ${date.title}`),
  ];
  const picture = svg("svg", { viewBox: `0 0 1000 ${height}`, class: "sts-timeline", role: "img", "aria-label": `Tijdlijn: ${told.join("; ")}.` });
  picture.append(svg("line", { x1: LEFT, y1: line, x2: LEFT + WIDTH, y2: line, class: "sts-time-line" }));
  for (const tick of ticks(from, to)) {
    const place = LEFT + (WIDTH * (tick.time - from)) / (to - from);
    picture.append(svg("line", { x1: place, y1: line - 5, x2: place, y2: line + 5, class: "sts-time-line" }), svg("text", { x: place, y: height - 8, class: "sts-ring-text", "text-anchor": "middle" }, tick.label));
  }
  const today = x(about.today);
  picture.append(svg("line", { x1: today, y1: 18, x2: today, y2: height - 24, class: "sts-time-today" }), svg("text", { x: today, y: 13, class: "sts-axis", "text-anchor": "middle" }, "vandaag"));
  let labelled = -200;
  moments.forEach(({ moment, x: place }, index) => {
    const y = line - 22 - 34 * momentRows[index];
    const kind = moment.number === about.number ? "sts-time-now" : moment.closed ? "sts-time-closed" : "sts-time-open";
    picture.append(
      svg("line", { x1: place, y1: y + 14, x2: place, y2: line, class: "sts-time-stem" }),
      svg("circle", { cx: place, cy: y, r: 14, class: kind }),
      svg("text", { x: place, y: y + 5, class: `sts-time-number ${kind}-text`, "text-anchor": "middle" }, moment.number),
    );
    if (place - labelled > 92 && Math.abs(place - today) > 40 && momentRows[index] === 0) {
      picture.append(svg("text", { x: place, y: y - 19, class: "sts-ring-text", "text-anchor": "middle" }, moment.label));
      labelled = place;
    }
  });
  dates.forEach(({ date, x: place }, index) => {
    const y = line + 22 + 24 * dateRows[index];
    const mark = svg("path", { d: `M${place} ${y - 9} L${place + 9} ${y} L${place} ${y + 9} L${place - 9} ${y} Z`, class: date.overdue ? "sts-time-late" : `sts-time-${date.kind}` });
    mark.append(svg("title", {}, `${date.label}: ${date.title}`));
    picture.append(svg("line", { x1: place, y1: line, x2: place, y2: y - 9, class: "sts-time-stem" }), mark);
  });
  return picture;
}

/** What the marks on the line mean. @param {{moments: any[], dates: any[]}} about */
export function timelineKey(about) {
  const has = (/** @type {(date: any) => boolean} */ test) => about.dates.some(test);
  return h(
    "ul",
    { class: "sts-legend sts-time-key" },
    h("li", { "data-mark": "session" }, "sessie"),
    has((date) => date.overdue) && h("li", { "data-mark": "late" }, "actie over tijd"),
    has((date) => !date.overdue && date.kind === "action") && h("li", { "data-mark": "action" }, "dag van een actie"),
    has((date) => date.kind === "moment") && h("li", { "data-mark": "moment" }, "afgesproken moment"),
  );
}
