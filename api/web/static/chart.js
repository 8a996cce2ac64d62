// Charts as SVG that is part of the page: each point is a link to its sentence, in the page's own colours and fonts.
// No style attribute anywhere (the page's policy allows none): geometry in attributes, the look in the style sheet.

import { el, svg } from "./dom.js";

const SCALES = [["万亿", 1e12], ["千亿", 1e11], ["百亿", 1e10], ["十亿", 1e9], ["亿", 1e8], ["千万", 1e7], ["百万", 1e6], ["十万", 1e5], ["万", 1e4], ["千", 1e3], ["百", 1e2]];

// A figure in its unit without 亿 and 万, so that 6.66万亿元 and 62661亿元 can stand on one axis.
export function scaled(value, unit) {
  const number = Number(value);
  for (const [word, factor] of SCALES) {
    // 千克 and 千米 are units of their own, and nobody mixes them with 克 here.
    if (unit.startsWith(word) && !/^千[克米瓦]/.test(unit)) return { number: number * factor, base: unit.slice(word.length) };
  }
  return { number, base: unit };
}

// Round places for an axis of about `wanted` lines.
export function ticks(low, high, wanted = 4) {
  const step0 = (high - low || Math.abs(high) || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(step0));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= step0);
  const first = Math.floor(low / step) * step;
  const found = [];
  for (let at = first; at < high + step * 0.999; at += step) found.push(Number(at.toPrecision(12)));
  return found;
}

// Where a period stands on the axis of time, in years.
export function moment(period) {
  const [, year, half, quarter, month] = /^(\d{4})(?:-(?:H(\d)|Q(\d)|(\d\d)))?/.exec(period) || [];
  if (!year) return null;
  return Number(year) + (half ? half / 2 - 0.5 : quarter ? quarter / 4 - 0.25 : month ? (month - 1) / 12 : 0);
}

// What a period is one of: whole years, halves, quarters or months stand on a line of their own; a span of years on none.
const shapeOf = (period) => (period.includes("/") ? null : period.replace(/\d/g, "0").slice(0, 6));

// Those points that can share a line: of the kind of period that most are of.
export function comparable(points) {
  const shapes = points.map((p) => shapeOf(p.period));
  const many = (shape) => shapes.filter((each) => each === shape).length;
  const most = shapes.filter(Boolean).reduce((best, each) => (many(each) > many(best) ? each : best), shapes.find(Boolean));
  return points.filter((_, at) => shapes[at] && shapes[at] === most);
}

// On a phone the drawing is as narrow as the page, so that its letters stay as large as the page's.
export const fitting = (width) => Math.max(320, Math.min(width, document.documentElement.clientWidth - 72));

const plain = (number) => String(Number(number.toPrecision(8)));

// `points`, which are `comparable`: {period, number, shown, status, label, href, follow(link)}; whole years without one are gaps in the line.
// `gaps` are such years with what is known of them: {period, kind, label}, `kind` being "unstated" or "unheld"; they are marked on the axis.
export function lineChart(points, { title, unit, periods = [], gaps = [], width = fitting(640), height = 250 }) {
  const placed = points.map((p) => ({ ...p, at: moment(p.period) })).filter((p) => p.at !== null).sort((a, b) => a.at - b.at);
  const numbers = placed.map((p) => p.number);
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  // A level from zero up, unless all of it lies far above: a change then could not be seen.
  const base = low >= 0 && low < high * 0.6 ? 0 : low;
  const lines = ticks(base, high === base ? base + 1 : high);
  const [bottom, top] = [lines[0], lines[lines.length - 1]];
  const left = 16 + 8 * Math.max(...lines.map((each) => plain(each).length));
  // As far as was asked: years without a figure are to be seen at the ends, too.
  const times = [...placed.map((p) => p.at), ...periods.map(moment).filter((at) => at !== null)];
  const marked = gaps.map((gap) => ({ ...gap, at: moment(gap.period) }));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const x = (at) => left + 22 + ((at - first) / (last - first || 1)) * (width - left - 60);
  const y = (number) => height - 30 - ((number - bottom) / (top - bottom)) * (height - 62);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "line-chart", role: "group", "aria-label": title });
  root.append(svg("text", { x: 4, y: 14, class: "axis" }, unit));
  for (const each of lines) {
    root.append(svg("line", { x1: left, x2: width - 12, y1: y(each), y2: y(each), class: each === 0 ? "zero" : "grid" }));
    root.append(svg("text", { x: left - 6, y: y(each) + 4, class: "axis end" }, plain(each)));
  }
  const whole = [];
  for (let year = Math.ceil(first); year <= last; year += 1) whole.push(year);
  const every = Math.ceil(whole.length / (width / 53));
  for (const year of whole) {
    if ((year - whole[0]) % every === 0) root.append(svg("text", { x: x(year), y: height - 8, class: "axis middle" }, String(year)));
  }
  for (const gap of marked) root.append(gapMark(gap, x(gap.at), height - 30));
  for (const status of ["done", "target"]) {
    const row = placed.filter((p) => (p.status === "target") === (status === "target"));
    for (const run of runs(row)) {
      if (run.length > 1) root.append(svg("polyline", { class: `run ${status}`, points: run.map((p) => `${x(p.at)},${y(p.number)}`).join(" ") }));
    }
  }
  // In a valley the value stands below its point, where no line runs through it.
  const valley = (at) => [placed[at - 1], placed[at + 1]].every((other) => other && other.number > placed[at].number);
  // A plan and its result stand above each other: so do their values, one over both points and one below.
  const below = (p, at) => {
    const twin = placed.find((other) => other !== p && other.at === p.at);
    return twin ? p.number < twin.number : valley(at);
  };
  placed.forEach((p, at) => root.append(point(p, x(p.at), y(p.number), placed.length <= width / 53, below(p, at) ? 20 : -10)));
  return root;
}

// A year without a figure, told apart by shape: a ring where a report is held that does not say, a cross where none is held.
function gapMark(gap, cx, cy) {
  const shape = gap.kind === "unheld" ? svg("path", { d: `M${cx - 4} ${cy - 4}l8 8m0 -8l-8 8` }) : svg("circle", { cx, cy, r: 4 });
  return svg("g", { class: `gap ${gap.kind}`, role: "img", "aria-label": gap.label }, svg("title", {}, gap.label), shape);
}

// What the marks of a chart mean; null where it has but one kind.
export function legendOf(statuses, gaps, words) {
  const keys = [...new Set([...statuses, ...gaps.map((gap) => gap.kind)])];
  const known = { ...words.statuses, unstated: words.unstated, unheld: words.unheld };
  const plain = keys.length < 2 && !["target", "estimate"].includes(keys[0]);
  return plain ? null : el("p", { class: "legend" }, keys.map((key) => el("span", { class: `key ${key}` }, known[key] || key)));
}

// Neighbours more than a year apart are not joined: nothing is known of what lies between.
function runs(row) {
  const found = [];
  for (const p of row) {
    const run = found[found.length - 1];
    if (run && p.at - run[run.length - 1].at <= 1.01) run.push(p);
    else found.push([p]);
  }
  return found;
}

function point(p, cx, cy, labelled, offset) {
  const mark = p.status === "target"
    ? svg("path", { d: `M${cx} ${cy - 6}l6 6l-6 6l-6 -6z`, class: "mark target" })
    : svg("circle", { cx, cy, r: 5, class: `mark ${p.status}` });
  const link = svg("a", { href: p.href, "aria-label": p.label }, svg("title", {}, p.label),
    // Larger than it looks, for fingers.
    svg("circle", { cx, cy, r: 13, class: "touch" }), mark);
  if (labelled) link.append(svg("text", { x: cx, y: cy + offset, class: "value middle" }, p.shown));
  p.follow(link);
  return link;
}

// A bar for a cell of a table; the cell's own text says what it shows, so it is hidden from readers without sight.
export function bar(number, low, high, status) {
  const span = high - low || 1;
  const zero = ((0 - low) / span) * 200;
  const at = ((number - low) / span) * 200;
  return svg("svg", { viewBox: "0 0 200 14", preserveAspectRatio: "none", class: "bar-chart", "aria-hidden": "true" },
    svg("rect", { x: Math.min(zero, at), y: 1, width: Math.max(Math.abs(at - zero), 1), height: 12, rx: 1.5, class: `bar ${status}` }));
}
