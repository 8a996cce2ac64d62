// The figures of an answer to look at: one as a figure with its context, a series as a chart, places as bars, all as tables.

import { el, textLang } from "./dom.js";
import { bar, comparable, legendOf, lineChart, moment, scaled } from "./chart.js";
import { follow, sourceLink, sourceUrl } from "./pane.js";
import { local, words } from "./words.js";

const distinct = (list) => [...new Set(list)];
const nameOf = (value) => `${value.indicator}\u0000${value.measure}\u0000${scaled(value.value, value.unit).base}`;
const given = (value) => value.status === "target" || value.status === "estimate";

// What the answer says of a figure in its own words, where it has a line for it: “突破3万亿元” says more than 3.
export function wordsOf(answer) {
  const found = new Map();
  for (const line of answer.answer.split("\n")) {
    const [, said, n] = /^\d+\. [^：]+：(.+?)(?:（并列）)?\[(\d+)\]$/.exec(line) || [];
    if (said) found.set(Number(n), said);
  }
  return found;
}

const written = (value) => `${value.value.replace(/^-/, "−")}${/^[a-z]/i.test(value.unit) ? " " : ""}${value.unit}`;

function badge(status) {
  return given({ status }) ? el("span", { class: `badge ${status}` }, words().statuses[status]) : null;
}

function labelOf(value) {
  const w = words();
  return [value.region, value.period, value.indicator, w.measures[value.measure] || "", written(value), given(value) ? w.statuses[value.status] : ""].filter(Boolean).join(" · ");
}

// A figure with all marks that belong to it, the number of its citation being the link to its sentence.
function cell(answer, value, said) {
  const citation = answer.citations.find((each) => each.n === value.citation);
  return [el("span", { class: "number" }, said || written(value)), " ",
    citation ? sourceLink(citation, `[${citation.n}]`, { class: "ref", "aria-label": `${words().evidence} ${citation.n}: ${labelOf(value)}` }) : null,
    badge(value.status), value.derived ? el("span", { class: "formula" }, `${words().formula}: ${value.derived.formula}`) : null];
}

// Null where the text alone says it best. `held` gives the years whose results are held of each place.
export function figures(answer, held) {
  const values = answer.values.filter((value) => !value.derived);
  const derived = answer.values.filter((value) => value.derived);
  if (!values.length) return derived.length ? [list(answer, derived)] : [];
  const places = distinct(values.map((value) => value.region || ""));
  const periods = distinct(values.map((value) => value.period || "")).sort((a, b) => (moment(a) || 0) - (moment(b) || 0));
  const names = distinct(values.map(nameOf));
  const shown = [];
  if (places.length > 1 && periods.length === 1) shown.push(ranked(answer, values, names, held));
  else if (places.length > 1) shown.push(...names.map((name) => grid(answer, values.filter((value) => nameOf(value) === name), places, periods, held)));
  else if (periods.length > 1) shown.push(...series(answer, values, names, periods, held));
  else if (values.length <= 2) shown.push(one(answer, values));
  else shown.push(list(answer, values));
  if (derived.length) shown.push(list(answer, derived));
  return shown;
}

function one(answer, values) {
  // What was asked for is the large one: the rate where a rate was, whatever the sentence begins with.
  const asked = values.find((value) => value.measure === answer.understood.kind || value.status === answer.understood.kind) || values[0];
  const [first, second] = [asked, values.find((value) => value !== asked)];
  const w = words();
  return el("div", { class: "figure" },
    el("p", { class: "figure-value" }, cell(answer, first)),
    el("p", { class: "figure-context", lang: "zh-Hans" }, [first.region, first.indicator, first.period, w.measures[first.measure], w.statuses[first.status]].filter(Boolean).join(" · ")),
    second ? el("p", { class: "figure-second" }, `${w.measures[second.measure] || second.indicator} `, cell(answer, second)) : null);
}

function table(caption, head, rows, kind = "") {
  return el("div", { class: `scroll ${kind}`, tabindex: "0", role: "group", "aria-label": caption },
    el("table", {}, el("caption", { class: "offscreen" }, caption),
      el("thead", {}, el("tr", {}, head.map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows)));
}

function columnName(name) {
  const [indicator, measure] = name.split("\u0000");
  return el("span", { lang: textLang(indicator) }, `${indicator} · ${words().measures[measure] || measure}`);
}

function ranked(answer, values, names, held) {
  const w = words();
  const said = wordsOf(answer);
  const by = new Map();
  for (const value of values) by.set(value.region, [...(by.get(value.region) || []), value]);
  // Sorted by what most places have: where two are asked for together, the first of them.
  const first = names.reduce((best, name) => (count(values, name) > count(values, best) ? name : best), names[0]);
  const of = (region, name) => by.get(region).find((value) => nameOf(value) === name);
  const size = (region) => (of(region, first) ? scaled(of(region, first).value, of(region, first).unit).number : -Infinity);
  const rows = [...by.keys()].sort((a, b) => size(b) - size(a));
  const numbers = rows.map(size).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
  const others = names.filter((name) => name !== first);
  const body = rows.map((region) => {
    const value = of(region, first);
    const rank = value ? 1 + numbers.filter((number) => number > size(region)).length : "";
    return el("tr", {}, el("td", { class: "rank" }, String(rank)), el("th", { scope: "row", lang: "zh-Hans" }, region || "–"),
      el("td", { class: "bar-cell" }, value ? bar(size(region), low, high, value.status) : null),
      el("td", {}, value ? cell(answer, value, said.get(value.citation)) : null),
      others.map((name) => el("td", {}, of(region, name) ? cell(answer, of(region, name)) : null)));
  });
  // Places that were asked for by name and have no figure are told too.
  for (const region of answer.understood.regions.filter((each) => !by.has(each))) {
    body.push(el("tr", {}, el("td", { class: "rank" }), el("th", { scope: "row", lang: "zh-Hans" }, region), el("td"),
      el("td", {}, missing(region, values[0].period || "", held)), others.map(() => el("td"))));
  }
  const head = [el("span", { class: "rank" }, w.rank), w.region, el("span", { class: "offscreen" }, w.bars), columnName(first), ...others.map(columnName)];
  return table(w.bars, head, body, "ranked");
}

const count = (values, name) => values.filter((value) => nameOf(value) === name).length;

// Whether a report of that year is held is told apart from whether one says it.
const gapOf = (region, period, held) => ((held[region] || []).includes(Number(period.slice(0, 4))) ? "unstated" : "unheld");

function missing(region, period, held) {
  return el("span", { class: "missing" }, words()[gapOf(region, period, held)]);
}

function grid(answer, values, places, periods, held) {
  const name = columnName(nameOf(values[0]));
  const rows = places.map((region) => el("tr", {}, el("th", { scope: "row", lang: "zh-Hans" }, region || "–"),
    periods.map((period) => {
      const found = values.filter((value) => (value.region || "") === region && (value.period || "") === period);
      return el("td", {}, found.length ? found.map((value) => el("div", {}, cell(answer, value))) : missing(region, period, held));
    })));
  return el("div", {}, table(name.textContent, [name, ...periods], rows, "grid"), el("p", { class: "fine" }, words().unstated_note));
}

function series(answer, values, names, periods, held) {
  const w = words();
  const region = values[0].region || "";
  const asked = answer.understood.periods.filter((period) => /^\d{4}$/.test(period));
  const all = distinct([...periods, ...asked]).sort((a, b) => (moment(a) || 0) - (moment(b) || 0));
  const charts = names.filter((name) => distinct(values.filter((value) => nameOf(value) === name).map((value) => value.period)).length > 1)
    .filter((name, at) => at === 0 || count(values, name) > 2).slice(0, 2)
    .map((name) => chart(answer, values.filter((value) => nameOf(value) === name), name, all, held)).filter(Boolean);
  const rows = all.map((period) => el("tr", {}, el("th", { scope: "row" }, period || "–"),
    names.map((name) => {
      const found = values.filter((value) => nameOf(value) === name && (value.period || "") === period);
      if (found.length) return el("td", {}, found.map((value) => el("div", {}, cell(answer, value))));
      // Of a year that tells another measure, nothing is missing but this column.
      const other = values.some((value) => (value.period || "") === period);
      return el("td", {}, other ? el("span", { class: "missing" }, w.unstated) : missing(region, period, held));
    })));
  return [...charts, el("details", { class: "data", open: charts.length === 0 }, el("summary", {}, w.table),
    table(`${region} ${w.table}`, [w.period, ...names.map(columnName)], rows), el("p", { class: "fine" }, w.unstated_note))];
}

function chart(answer, values, name, all, held) {
  const w = words();
  const [indicator, measure] = name.split("\u0000");
  // On the axis in the unit that most are told in.
  const units = distinct(values.map((value) => value.unit));
  const unit = units.reduce((best, each) => (values.filter((v) => v.unit === each).length > values.filter((v) => v.unit === best).length ? each : best), units[0]);
  const one = scaled("1", unit).number;
  const points = comparable(values.map((value) => {
    const citation = answer.citations.find((each) => each.n === value.citation);
    return { period: value.period || "", number: scaled(value.value, value.unit).number / one, shown: value.value.replace(/^-/, "−"), status: value.status,
      label: labelOf(value), href: citation ? local(sourceUrl(citation)) : "#", follow: (link) => citation && follow(link, citation) };
  }));
  if (points.length < 2) return null;
  const title = `${values[0].region || ""} ${indicator} · ${w.measures[measure] || measure} — ${w.line}`;
  const gaps = all.filter((period) => /^\d{4}$/.test(period) && !points.some((point) => point.period === period)).map((period) => {
    const kind = gapOf(values[0].region || "", period, held);
    return { period, kind, label: `${period}: ${w[kind]}` };
  });
  return el("figure", { class: "chart" }, el("figcaption", { lang: "zh-Hans" }, `${indicator} · ${w.measures[measure] || measure}`),
    lineChart(points, { title, unit, periods: all, gaps }), legendOf(points.map((point) => point.status), gaps, w));
}

function list(answer, values) {
  const w = words();
  const rows = values.map((value) => el("tr", {},
    el("th", { scope: "row", lang: textLang(value.indicator) }, value.indicator), el("td", { lang: "zh-Hans" }, value.region || "–"), el("td", {}, value.period || "–"),
    el("td", {}, cell(answer, value)), el("td", {}, w.measures[value.measure] || value.measure)));
  return table(w.values, [w.indicator, w.region, w.period, w.value, w.measure], rows);
}
