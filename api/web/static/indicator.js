// One place's figures as a line, one year's as bars: drawn from the table, which says the same without a script.

import { bar, comparable, fitting, legendOf, lineChart, scaled } from "./chart.js";
import { el } from "./dom.js";
import { words } from "./words.js";

const table = document.querySelector(".of-indicator");
const links = table ? [...table.querySelectorAll("a[data-value]")] : [];
const distinct = (name) => new Set(links.map((link) => link.dataset[name])).size;

// In one unit, that of most: what is told in another kind of unit cannot stand on the same axis.
const bases = links.map((link) => scaled(link.dataset.value, link.dataset.unit).base);
const base = bases.reduce((best, each) => (bases.filter((b) => b === each).length > bases.filter((b) => b === best).length ? each : best), bases[0]);
const usable = links.filter((_, at) => bases[at] === base);
const number = (link) => scaled(link.dataset.value, link.dataset.unit).number;

if (distinct("place") === 1 && distinct("period") > 1) drawLine();
else if (new URLSearchParams(location.search).get("year") && distinct("place") > 1) drawBars();

function drawLine() {
  const unit = usable[usable.length - 1].dataset.unit;
  const one = scaled("1", unit).number;
  const points = comparable(usable.map((link) => ({
    period: link.dataset.period, number: number(link) / one, shown: link.dataset.value, status: link.dataset.status,
    label: link.getAttribute("aria-label"), href: link.href, follow: () => {},
  })));
  if (points.length < 2) return;
  const title = `${document.querySelector("h1").textContent} — ${words().line}`;
  const gaps = [...table.querySelectorAll("[data-gap]")].map((each) => ({ period: each.dataset.period, kind: each.dataset.gap, label: `${each.dataset.period}: ${each.textContent}` }));
  table.closest(".scroll").before(el("figure", { class: "chart" },
    lineChart(points, { title, unit, periods: gaps.map((gap) => gap.period), gaps, width: fitting(860), height: 280 }),
    legendOf(points.map((point) => point.status), gaps, words())));
}

function drawBars() {
  // Of the period that most places tell: a half year's bar beside a year's would mislead.
  const periods = usable.map((link) => link.dataset.period);
  const many = (period) => periods.filter((each) => each === period).length;
  const most = periods.reduce((best, each) => (many(each) > many(best) ? each : best), periods[0]);
  const shown = usable.filter((link) => link.dataset.period === most);
  const numbers = shown.map(number);
  const [low, high] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
  const rows = shown.map((link) => ({ link, row: link.closest("tr") }))
    // Results first, plans behind them: a plan is not to stand among what came about.
    .sort((a, b) => (a.link.dataset.status === "target") - (b.link.dataset.status === "target") || number(b.link) - number(a.link));
  table.classList.add("ranked");
  table.querySelector("thead tr").append(el("th", { scope: "col" }, el("span", { class: "offscreen" }, words().bars)));
  const body = table.querySelector("tbody");
  const rest = [...body.rows].filter((row) => !rows.some((each) => each.row === row));
  for (const { link, row } of rows) {
    row.append(el("td", { class: "bar-cell" }, bar(number(link), low, high, link.dataset.status)));
    body.append(row);
  }
  for (const row of rest) {
    row.append(el("td"));
    body.append(row);
  }
}
