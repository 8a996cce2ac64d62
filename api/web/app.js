// The ask page. Everything that comes from the service enters the page as text, never as markup.
"use strict";

const WORDS = {
  zh: {
    lang: "zh-Hans", other: "English", otherLang: "en",
    skip: "跳到提问框", title: "问政府工作报告，答案附原文", label: "您的问题", ask: "提问",
    follow: "接着上面的问题问", examples: "例如", coverage: "收录了哪些报告", source: "原文",
    open: "在新标签页打开", close: "关闭", asking: "正在查阅报告…", answered: "已回答", abstained: "报告中没有",
    failed: "未能完成", understood: "理解为", evidence: "依据", nearest: "最接近的原文", conflicts: "另有不同说法",
    values: "数字", openSource: "查看原文", copy: "字符", page: "第 # 页", follows: "沿用上文", formula: "计算",
    indicator: "指标", region: "地区", period: "时期", value: "数值", measure: "口径", status: "性质",
    unreachable: "连接不上服务，请稍后再试。", empty: "请先写下问题。", none: "没有可显示的报告。",
    report: "报告", review: "回顾", plan: "安排", file: "文件", unknown: "未注明", placeholder: "例如：2020年嘉定区固定资产投资增长多少？",
    note: "说明",
    measures: { level: "总量", growth: "增速", change: "变化量", share: "占比" },
    statuses: { actual: "实际", estimate: "预计", target: "目标", any: "不限" },
    kinds: { value: "数值", growth: "增速", target: "目标", compare: "比较", rank: "排名", series: "历年", derive: "计算",
      list: "列举", explain: "说明", lookup: "查找" },
    reasons: {
      period_missing: "收录的报告没有这个时期", region_missing: "收录的报告没有这个地区",
      indicator_missing: "报告没有给出这项指标", not_in_reports: "报告中没有写到",
      out_of_scope: "这不是政府工作报告能回答的问题", premise_false: "问题的前提与报告不符", ambiguous: "问题有多种理解，请说得更具体",
    },
  },
  en: {
    lang: "en", other: "中文", otherLang: "zh-Hans",
    skip: "Skip to the question", title: "Ask the government work reports and see the evidence", label: "Your question", ask: "Ask",
    follow: "Follow up on the questions above", examples: "For example", coverage: "Which reports are held", source: "Source",
    open: "Open in a new tab", close: "Close", asking: "Reading the reports…", answered: "Answered", abstained: "Not in the reports",
    failed: "Not completed", understood: "Understood as", evidence: "Evidence", nearest: "Nearest evidence", conflicts: "Stated differently elsewhere",
    values: "Figures", openSource: "Show in the source", copy: "characters", page: "page #", follows: "from before", formula: "Calculation",
    indicator: "Indicator", region: "Region", period: "Period", value: "Value", measure: "Measure", status: "Status",
    unreachable: "The service cannot be reached. Please try again.", empty: "Please write a question first.", none: "No reports to show.",
    report: "Report", review: "reviews", plan: "plans", file: "File", unknown: "not stated", placeholder: "e.g. How fast did fixed-asset investment in Jiading grow in 2020?",
    note: "Note",
    measures: { level: "level", growth: "growth", change: "change", share: "share" },
    statuses: { actual: "actual", estimate: "estimate", target: "target", any: "any" },
    kinds: { value: "value", growth: "growth", target: "target", compare: "comparison", rank: "ranking", series: "series", derive: "calculation",
      list: "list", explain: "explanation", lookup: "look-up" },
    reasons: {
      period_missing: "No report held covers this period", region_missing: "No report held covers this region",
      indicator_missing: "The reports do not give this indicator", not_in_reports: "The reports do not say",
      out_of_scope: "Not a question that work reports can answer", premise_false: "The reports contradict what the question assumes",
      ambiguous: "The question can be read in several ways; please be more specific",
    },
  },
};

// The last one of each has no answer in the reports, and is here to show that.
const EXAMPLES = {
  zh: [
    "2020年嘉定固定资产投资增长多少",
    "2025年上半年嘉定区一般公共预算收入是多少？",
    "2020年虹口区一般公共预算收入完成了多少？",
    "2019年嘉定区专利授权量是多少件？",
    "2023年嘉定区固定资产投资增长多少？",
  ],
  en: [
    "How fast did fixed-asset investment in Jiading grow in 2020?",
    "What was the general public budget revenue of Hongkou in 2020?",
    "2025年上半年嘉定区一般公共预算收入是多少？",
    "How fast did fixed-asset investment in Jiading grow in 2023?",
  ],
};

const MAX_HISTORY = 20;
const $ = (id) => document.getElementById(id);
const asked = [];
let words = WORDS[preferredLanguage()];

function preferredLanguage() {
  const first = (navigator.languages || [navigator.language || "zh"])[0] || "zh";
  return first.toLowerCase().startsWith("zh") ? "zh" : "en";
}

// Make an element from its name, attributes and children; strings become text nodes.
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const textLang = (text) => (/[\u3400-\u9fff]/.test(text) ? "zh-Hans" : "en");

function sourceUrl(citation) {
  // Relative, so that the page also works below a path of a proxy. Without #hit: followed in a frame, a fragment
  // would move this page too; the source page scrolls itself.
  return `documents/${encodeURIComponent(citation.document_id)}?start=${citation.start}&end=${citation.end}`;
}

function sourceLink(citation, label, attributes = {}) {
  const link = el("a", { href: sourceUrl(citation), target: "source", ...attributes }, label);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    openPane(link, citation.title || citation.document);
  });
  return link;
}

let opener = null;

function openPane(link, title) {
  opener = link;
  $("pane").hidden = false;
  document.body.classList.add("with-pane");
  $("pane-open").href = link.href;
  $("frame").title = `${words.source}: ${title}`;
  // Where the pane covers the page, what lies under it is out of reach until it is closed.
  setInert(getComputedStyle($("pane")).position === "fixed");
  // The link itself loads the frame; the frame takes the focus once it has something to read.
  $("frame").addEventListener("load", () => $("frame").focus({ preventScroll: true }), { once: true });
}

function setInert(inert) {
  for (const node of document.querySelectorAll("main, .top, .skip")) node.inert = inert;
}

function closePane() {
  if ($("pane").hidden) return;
  setInert(false);
  $("pane").hidden = true;
  document.body.classList.remove("with-pane");
  if (opener && opener.isConnected) opener.focus();
}

// "…[1]" becomes a link for every mark that has a citation.
function answerText(answer) {
  const byNumber = new Map(answer.citations.map((citation) => [String(citation.n), citation]));
  const paragraph = el("p", { class: "answer-text", lang: textLang(answer.answer) });
  for (const part of answer.answer.split(/(\[\d+\])/)) {
    const citation = byNumber.get(part.slice(1, -1));
    if (citation && /^\[\d+\]$/.test(part)) {
      paragraph.append(sourceLink(citation, part, { class: "ref", "aria-label": `${words.evidence} ${citation.n}` }));
    } else {
      paragraph.append(part);
    }
  }
  return paragraph;
}

function chip(label, value, carried) {
  return el("li", { class: carried ? "chip carried" : "chip" },
    el("span", { class: "chip-label" }, label), el("span", { lang: textLang(value) }, value),
    carried ? el("span", { class: "chip-label" }, words.follows) : null);
}

function understoodLine(understood) {
  // A carried slot is told either by its name or by its value.
  const carried = (slot, value) => understood.carried.some((each) => each === value || each.startsWith(slot));
  const list = el("ul", { class: "understood", "aria-label": words.understood });
  list.append(chip(words.understood, words.kinds[understood.kind] || understood.kind, false));
  for (const value of understood.regions) list.append(chip(words.region, value, carried("region", value)));
  for (const value of understood.periods) list.append(chip(words.period, value, carried("period", value)));
  for (const value of understood.indicators) list.append(chip(words.indicator, value, carried("indicator", value)));
  if (understood.status !== "any") list.append(chip(words.status, words.statuses[understood.status] || understood.status, false));
  return list;
}

function place(citation) {
  return [citation.region, citation.period, ...(citation.heading.length ? citation.heading : [citation.title])].filter(Boolean).join(" · ");
}

// What a person opens the file at: the page of a PDF, the cell of a workbook.
function fileAndPlace(citation) {
  const page = citation.page ? words.page.replace("#", citation.page) : citation.cell;
  return [citation.document, page, `${words.copy} ${citation.start}–${citation.end}`].filter(Boolean).join(" · ");
}

function citationCard(citation, options = {}) {
  return el("li", { class: "card" },
    options.text ? el("p", { class: "card-text", lang: textLang(options.text) }, options.text) : null,
    el("p", { class: "place", lang: "zh-Hans" }, options.numbered ? el("b", {}, `[${citation.n}] `) : null, place(citation)),
    el("blockquote", { lang: "zh-Hans", cite: sourceUrl(citation) }, citation.quote),
    el("p", { class: "card-foot" },
      sourceLink(citation, words.openSource, { class: "show" }),
      el("span", { class: "file" }, fileAndPlace(citation))));
}

function section(title, name, ...children) {
  return el("section", { class: name }, el("h3", {}, title), ...children);
}

function valuesTable(values) {
  const worthwhile = values.length > 2 || values.some((value) => value.derived);
  if (!worthwhile) return null;
  const head = ["indicator", "region", "period", "value", "measure", "status"];
  const rows = values.map((value) => el("tr", {},
    el("td", { lang: "zh-Hans" }, value.indicator), el("td", { lang: "zh-Hans" }, value.region || "–"), el("td", {}, value.period || "–"),
    el("td", { class: "number" }, `${value.value} ${value.unit}`, value.derived ? el("span", { class: "formula" }, `${words.formula}: ${value.derived.formula}`) : null),
    el("td", {}, words.measures[value.measure] || value.measure), el("td", {}, words.statuses[value.status] || value.status)));
  return section(words.values, "values", el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": words.values },
    el("table", {}, el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, words[name])))), el("tbody", {}, ...rows))));
}

function cards(citations, options) {
  return el("ol", { class: "cards" }, ...citations.map((each) => citationCard(each, { ...options, text: each.text })));
}

function answerArticle(answer) {
  const article = el("article", { class: answer.abstained ? "answer abstained" : "answer", "data-id": answer.id });
  article.append(el("h2", { class: "asked", lang: textLang(answer.question) }, answer.question));
  const verdict = answer.abstained ? words.reasons[answer.reason] || words.abstained : words.answered;
  article.append(el("p", { class: "verdict" }, verdict));
  article.append(answerText(answer), understoodLine(answer.understood));
  for (const note of answer.notes || []) article.append(el("p", { class: "notice", lang: textLang(note) }, `${words.note}: ${note}`));
  const table = valuesTable(answer.values);
  if (table) article.append(table);
  if (answer.citations.length) article.append(section(words.evidence, "evidence", cards(answer.citations, { numbered: true })));
  if (answer.nearest.length) article.append(section(words.nearest, "nearest", cards(answer.nearest, {})));
  if (answer.conflicts.length) article.append(section(words.conflicts, "conflicts", cards(answer.conflicts, {})));
  return article;
}

function failureArticle(question, lines) {
  return el("article", { class: "answer failed" },
    el("h2", { class: "asked", lang: textLang(question) }, question),
    el("p", { class: "verdict" }, words.failed), ...lines.map((line) => el("p", { class: "answer-text" }, line)));
}

function say(text, done) {
  $("state").textContent = text;
  $("state").classList.toggle("done", done);
}

async function ask(question) {
  const text = question.trim();
  if (!text) {
    say(words.empty, false);
    $("question").focus();
    return;
  }
  const body = { question: text, history: $("follow").checked ? asked.slice(-MAX_HISTORY) : [] };
  $("submit").disabled = true;
  $("answers").setAttribute("aria-busy", "true");
  say(words.asking, false);
  let article;
  try {
    const response = await fetch("v1/ask", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const reply = await response.json();
    if (response.ok) {
      article = answerArticle(reply);
      asked.push(text);
      $("follow-row").hidden = false;
      say(reply.abstained ? words.abstained : words.answered, true);
    } else {
      article = failureArticle(text, [reply.detail || reply.title || String(response.status)]);
      say(words.failed, true);
    }
  } catch {
    article = failureArticle(text, [words.unreachable]);
    say(words.failed, true);
  }
  $("answers").prepend(article);
  $("answers").removeAttribute("aria-busy");
  $("submit").disabled = false;
  history.replaceState(null, "", `?q=${encodeURIComponent(text)}`);
}

async function fillCoverage() {
  const body = $("coverage-body");
  let documents = [];
  try {
    documents = (await (await fetch("v1/documents")).json()).documents;
  } catch {
    body.replaceChildren(el("p", {}, words.unreachable));
    return;
  }
  const groups = new Map();
  for (const each of documents) {
    const region = each.region || words.unknown;
    groups.set(region, [...(groups.get(region) || []), each]);
  }
  const rows = [...groups].sort(([a], [b]) => a.localeCompare(b, "zh")).map(([region, reports]) => el("tr", {},
    el("th", { scope: "row", lang: "zh-Hans" }, region),
    el("td", {}, el("ul", { class: "reports" }, ...reports.sort(byPeriod).map(reportLine)))));
  body.replaceChildren(rows.length
    ? el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, words.region), el("th", { scope: "col" }, words.report))), el("tbody", {}, ...rows))
    : el("p", {}, words.none));
}

const byPeriod = (a, b) => (b.period || "").localeCompare(a.period || "");

function reportLine(report) {
  const link = el("a", { href: `documents/${encodeURIComponent(report.id)}`, target: "source", lang: "zh-Hans" }, report.title);
  link.addEventListener("click", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.shiftKey)) openPane(link, report.title);
  });
  const told = [report.review ? `${words.review} ${report.review}` : null, report.plan ? `${words.plan} ${report.plan}` : null].filter(Boolean).join(", ");
  return el("li", {}, link, told ? el("span", { class: "file" }, ` ${told}`) : null,
    ...report.contradictions.map((each) => el("span", { class: "warning", lang: textLang(each) }, each)));
}

function speak() {
  document.documentElement.lang = words.lang;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = words[node.dataset.t];
  $("question").placeholder = words.placeholder;
  $("language").textContent = words.other;
  $("language").lang = words.otherLang;
  $("frame").title = words.source;
  fillExamples();
  if ($("coverage").open) fillCoverage();
}

function fillExamples() {
  $("example-list").replaceChildren();
  for (const text of EXAMPLES[words === WORDS.zh ? "zh" : "en"]) {
    const button = el("button", { type: "button", class: "example", lang: textLang(text) }, text);
    button.addEventListener("click", () => {
      $("question").value = text;
      ask(text);
    });
    $("example-list").append(el("li", {}, button));
  }
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask($("question").value);
});
$("question").addEventListener("keydown", (event) => {
  // Enter asks, Shift+Enter breaks the line; Enter that only confirms an input method's choice does neither.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("form").requestSubmit();
  }
});
$("language").addEventListener("click", () => {
  words = words === WORDS.zh ? WORDS.en : WORDS.zh;
  speak();
});
$("pane-close").addEventListener("click", closePane);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePane();
});
window.addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data === "wenju:close") closePane();
});
$("coverage").addEventListener("toggle", () => {
  if ($("coverage").open) fillCoverage();
});

speak();
const given = new URLSearchParams(location.search).get("q");
if (given) {
  $("question").value = given.slice(0, 1000);
  ask($("question").value);
} else {
  $("question").focus();
}
