// Putting right by hand what a report is taken for: its kind, place and year. On the page about it, and beside what was brought.

import { el } from "./dom.js";
import { headers, refusalOf } from "./keyed.js";
import { language, words } from "./words.js";

const ZH = { correct: "更正种类、地区或年份", region: "地区", year: "年份", kind: "种类", save: "按此重读", undo: "恢复为读出的", cancel: "取消", none: "未读出",
  year_note: "年份指报告回顾的那一年；规划指起始年。改后会重读全文，答案随之改变；以后再添加文件也保留。", busy: "正在重读…", by_hand: "人工更正", read: "读出的是：",
  kinds: { annual: "政府工作报告", half_year: "半年报告", quarter: "季度报告", bulletin: "统计公报", budget: "预算报告", plan: "计划报告", outline: "规划纲要", summary: "工作总结", news: "报道", other: "其他" } };
const EN = { correct: "Correct kind, place or year", region: "Place", year: "Year", kind: "Kind", save: "Read it so", undo: "As it was read", cancel: "Cancel", none: "nothing",
  year_note: "The year is the one that the report looks back on, of a five-year plan its first. The report is read anew and answers follow; this stays when files are added later.", busy: "Being read anew…", by_hand: "Corrected by hand", read: "read as ",
  kinds: { annual: "work report", half_year: "half-year report", quarter: "quarterly report", bulletin: "statistical bulletin", budget: "budget report", plan: "plan report", outline: "five-year outline", summary: "summary of work", news: "news", other: "other" } };
export const correcting = () => (language() === "zh" ? ZH : EN);

// What was put right in a document, with what had been read: a line, or null.
export function correctedLine(report) {
  const w = correcting();
  if (!report.corrected.length) return null;
  const parts = report.corrected.map(({ field, read }) => `${w[field]}（${w.read}${(field === "kind" ? w.kinds[read] : read) || w.none}）`);
  return el("span", { class: "corrected" }, `${w.by_hand}: ${parts.join("、")}`);
}

const yearOf = (report) => (report.kind === "outline" ? report.plan : report.review || report.plan) || "";

// A button that opens the form for a document as `/v1/documents` tells of it. `changed` is called with the documents of its file as they are then.
export function correction(report, changed) {
  const w = correcting();
  const name = (field) => `correct-${field}-${report.id}`;
  const kind = el("select", { id: name("kind") }, Object.entries(w.kinds).map(([value, label]) => el("option", { value, selected: value === report.kind }, label)));
  const region = el("input", { type: "text", id: name("region"), value: report.region || "", maxlength: "60", lang: "zh-Hans", autocomplete: "off" });
  const year = el("input", { type: "number", id: name("year"), value: yearOf(report).slice(0, 4), min: "1949", max: "2199" });
  const said = el("p", { class: "said", role: "status" });
  const form = el("form", { class: "correct", hidden: true },
    [["kind", kind], ["region", region], ["year", year]].map(([field, input]) => el("span", {}, el("label", { for: name(field) }, w[field]), input)),
    el("span", { class: "links" }, el("button", { type: "submit", class: "quiet" }, w.save),
      report.corrected.length ? el("button", { type: "button", class: "quiet undo", onclick: () => change("DELETE") }, w.undo) : null,
      el("button", { type: "button", class: "quiet", onclick: () => toggle(false) }, w.cancel)),
    el("p", { class: "fine" }, w.year_note), said);
  const open = el("button", { type: "button", class: "quiet", "aria-expanded": "false", onclick: () => toggle(form.hidden) }, w.correct);

  function toggle(shown) {
    form.hidden = !shown;
    open.setAttribute("aria-expanded", String(shown));
    (shown ? region : open).focus();
  }

  // Only what differs from what was read is said: the rest goes on following the text.
  function body() {
    const read = Object.fromEntries(report.corrected.map((each) => [each.field, each.read]));
    const told = { kind: [kind.value, report.kind], region: [region.value.trim(), report.region || ""], year: [year.value, yearOf(report).slice(0, 4)] };
    const out = {};
    for (const [field, [now, was]] of Object.entries(told)) {
      if (now && (now !== was || field in read)) out[field] = field === "year" ? Number(now) : now;
    }
    return out;
  }

  async function change(method) {
    said.textContent = w.busy;
    try {
      const response = await fetch(new URL(`../v1/documents/${encodeURIComponent(report.id)}/correction`, import.meta.url), {
        method, headers: { ...headers(), ...(method === "PUT" ? { "Content-Type": "application/json" } : {}) }, body: method === "PUT" ? JSON.stringify(body()) : undefined });
      if (!response.ok) said.textContent = await refusalOf(response);
      else changed((await response.json()).documents);
    } catch {
      said.textContent = words().unreachable;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change("PUT");
  });
  return [open, form];
}

// On the page about a document, which says by its id where the form is to stand.
const place = document.querySelector("[data-correct]");
if (place) {
  const response = await fetch(new URL(`../v1/documents/${encodeURIComponent(place.dataset.correct)}`, import.meta.url), { headers: headers() });
  if (response.ok) place.append(...correction(await response.json(), () => location.reload()));
}
