// The page's own words in both languages. `words()` gives those in use.

const ZH = {
  lang: "zh-Hans", other: "English", otherLang: "en",
  skip: "跳到提问框", title: "问政府工作报告，答案附原文", holds: "收录 {documents} 份文件、{places} 个地区，结果涉及 {years} 年", label: "您的问题", ask: "提问", stop: "停止", name: "问据",
  examples: "可以这样问", source: "原文", nav_held: "收录", nav_indicators: "指标", nav_bring: "添加报告", nav_ask: "提问",
  mine: "我问过的", forget: "删除", forget_all: "全部删除", mine_note: "只存在这个浏览器里。",
  open: "新标签页", close: "关闭", asking: "正在查阅报告…", answered: "已回答", abstained: "报告中没有", original: "原文件",
  failed: "未能完成", understood: "理解为", evidence: "依据", nearest: "最接近的原文", conflicts: "另有不同说法",
  values: "数字", open_source: "查看原文", copy_at: "字符", page: "第 # 页", follows: "沿用上文：", drop: "不沿用上文，重新回答",
  formula: "计算", indicator: "指标", region: "地区", period: "时期", value: "数值", measure: "口径", status: "性质", kind: "问的是",
  unreachable: "连接不上服务。请检查服务是否在运行，然后重试。", retry: "重试", empty: "请先写下问题。", stopped: "已停止。",
  too_long: "问题最多 1000 字，现在有 # 字。请写短一些。", locked: "需要密钥。请重新载入此页，在浏览器询问时把密钥填在密码一栏。",
  placeholder: "例如：#", note: "说明", side: "并排查看前 # 处原文", whole: "答案全文", others: "其余 # 处依据",
  unstated: "未载", unheld: "未收录", unstated_note: "未载：收录了该时期的报告，但没有写；未收录：没有该时期的报告。",
  line: "折线图，每一点通向原文", bars: "从大到小", axis_zero: "纵轴不从零开始", table: "数据表", rank: "名次",
  carry: "导出", copy: "复制（附出处）", markdown: "复制为 Markdown", csv: "下载 CSV", xlsx: "下载 Excel", link: "复制链接",
  embed: "复制嵌入代码", copied: "已复制", not_copied: "浏览器不允许复制", sources: "出处", newer_same: "链接生成后索引有过更新，这个答案没有变。",
  newer_changed: "链接生成后索引有过更新，这个答案与当时的不同。", unchanged: "索引自链接生成以来没有变化。",
  right: "答对了", wrong: "不对", should: "应该是什么（可不填）", send: "提交", thanks: "已记下，谢谢。", not_sent: "没有记下：",
  support: "把握", sure: "很有把握", likely: "较有把握", unsure: "把握不大", derived: "由原文数字计算", more: "更多", generator: "由谁作答", generators: { extractive: "原文抽取", passages: "相关段落", openai: "语言模型" },
  measures: { level: "总量", growth: "增速", change: "变化量", share: "占比" },
  statuses: { actual: "实际", estimate: "预计", target: "目标", any: "不限" },
  kinds: { value: "数值", growth: "增速", target: "目标", compare: "比较", rank: "排名", series: "历年", derive: "计算",
    list: "列举", explain: "说明", lookup: "查找" },
  reasons: {
    period_missing: "收录的报告没有这个时期", region_missing: "收录的报告没有这个地区",
    indicator_missing: "报告没有给出这项指标", not_in_reports: "报告中没有写到",
    out_of_scope: "这里只回答政府工作报告里的事", premise_false: "问题的前提与报告不符", ambiguous: "问题有多种理解，请说得更具体",
  },
};

const EN = {
  lang: "en", other: "中文", otherLang: "zh-Hans",
  skip: "Skip to the question", title: "Ask the government work reports and see the evidence", holds: "{documents} documents of {places} places are held, with results of {years}", label: "Your question", ask: "Ask",
  stop: "Stop", name: "Wenju",
  examples: "You can ask", source: "Source", nav_held: "What is held", nav_indicators: "Indicators", nav_bring: "Add reports", nav_ask: "Ask",
  mine: "My questions", forget: "Remove", forget_all: "Remove all", mine_note: "Kept in this browser only.",
  open: "New tab", close: "Close", asking: "Reading the reports…", answered: "Answered", abstained: "Not in the reports", original: "Original file",
  failed: "Not completed", understood: "Understood as", evidence: "Evidence", nearest: "Nearest evidence", conflicts: "Stated differently elsewhere",
  values: "Figures", open_source: "Show in the source", copy_at: "characters", page: "page #", follows: "From before: ", drop: "Answer without what came before",
  formula: "Calculation", indicator: "Indicator", region: "Place", period: "Period", value: "Value", measure: "Measure", status: "Status", kind: "Asked for",
  unreachable: "The service cannot be reached. Check that it is running, then try again.", retry: "Try again", empty: "Please write a question first.", stopped: "Stopped.",
  too_long: "A question has at most 1000 characters; this one has #. Please shorten it.",
  locked: "A key is needed. Load this page again and give the key as the password when the browser asks.",
  placeholder: "e.g. #", note: "Note", side: "Show the first # sources side by side", whole: "The whole answer", others: "# further sources",
  unstated: "not stated", unheld: "not held", unstated_note: "Not stated: a report of that period is held and does not say; not held: there is no report of that period.",
  line: "Line chart; each point opens its sentence", bars: "Largest first", axis_zero: "The axis does not begin at zero", table: "As a table", rank: "Rank",
  carry: "Export", copy: "Copy with sources", markdown: "Copy as Markdown", csv: "Download CSV", xlsx: "Download Excel", link: "Copy link",
  embed: "Copy embed code", copied: "Copied", not_copied: "The browser does not allow copying", sources: "Sources",
  newer_same: "The index has changed since this link was made; this answer has not.",
  newer_changed: "The index has changed since this link was made, and this answer differs from the one then.", unchanged: "The index has not changed since this link was made.",
  right: "Right", wrong: "Wrong", should: "What it should be (optional)", send: "Send", thanks: "Noted, thank you.", not_sent: "Not noted: ",
  support: "Support", sure: "very likely right", likely: "likely right", unsure: "uncertain", derived: "calculated from stated figures", more: "More", generator: "Answered by", generators: { extractive: "extraction", passages: "passages", openai: "language model" },
  measures: { level: "level", growth: "growth", change: "change", share: "share" },
  statuses: { actual: "actual", estimate: "estimate", target: "target", any: "any" },
  kinds: { value: "value", growth: "growth", target: "target", compare: "comparison", rank: "ranking", series: "series", derive: "calculation",
    list: "list", explain: "explanation", lookup: "look-up" },
  reasons: {
    period_missing: "No report held covers this period", region_missing: "No report held covers this place",
    indicator_missing: "The reports do not give this indicator", not_in_reports: "The reports do not say",
    out_of_scope: "Answers here come from government work reports only", premise_false: "The reports contradict what the question assumes",
    ambiguous: "The question can be read in several ways; please be more specific",
  },
};

const asked = () => new URLSearchParams(location.search).get("lang");

// The address says it, else the browser does; the same rule as the service's for the pages that it writes.
export function language() {
  const wanted = asked() || (navigator.languages || [navigator.language || "zh"])[0] || "zh";
  return wanted.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const words = () => (language() === "zh" ? ZH : EN);

// The other language's code, for the button that switches.
export const otherLanguage = () => (language() === "zh" ? "en" : "zh");

// An address of another page of ours, in the language that this one was asked for.
export function local(address) {
  const lang = asked();
  return lang ? `${address}${address.includes("?") ? "&" : "?"}lang=${encodeURIComponent(lang)}` : address;
}
