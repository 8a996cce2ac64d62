// What can be taken along from an answer: its text with sources, its figures as a file, its address; and what one thinks of it.

import { copyText, el } from "./dom.js";
import { detailOf } from "./ask.js";
import { fileAndPlace, placeOf } from "./citing.js";
import { sourceUrl } from "./pane.js";
import { address, historyOf, only } from "./state.js";
import { telling } from "./telling.js";
import { words } from "./words.js";

const absolute = (path) => new URL(path, location.href).href;

// A short print of an answer (FNV-1a), to tell whether a link's answer is still the same; no protection against anyone.
export function printOf(answer) {
  let hash = 0x811c9dc5;
  for (const character of answer.answer) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
  return hash.toString(36);
}

export const linkOf = (answer, turn) => absolute(address({ ...only(turn.state, turn.at), from: answer.snapshot, print: printOf(answer) }));

// Nearest evidence of a refusal is carried as its sources: it is all that there is.
const sourcesOf = (answer) => (answer.citations.length ? answer.citations : answer.nearest);

function asText(answer, turn) {
  const sources = sourcesOf(answer).map((each) => `[${each.n}] ${each.title}，${placeOf(each)}（${fileAndPlace(each)}）：“${each.quote.trim()}”\n    ${absolute(sourceUrl(each))}`);
  return [answer.question, "", answer.answer, "", `${words().sources}:`, ...sources, "", linkOf(answer, turn)].join("\n");
}

// Characters that Markdown reads are escaped: a quotation stays the report's own text.
const bare = (text) => text.replace(/([\\`*_{}[\]<>#|])/g, "\\$1");

function asMarkdown(answer, turn) {
  const body = answer.answer.split(/(\[\d+\])/).map((part) => (/^\[\d+\]$/.test(part) ? `[^${part.slice(1, -1)}]` : bare(part))).join("").replace(/\n/g, "  \n");
  const notes = sourcesOf(answer).map((each) => `[^${each.n}]: [${bare(each.title)}](${absolute(sourceUrl(each))})，${bare(placeOf(each))}：“${bare(each.quote.trim().replace(/\s*\n\s*/g, " "))}”`);
  return [`**[${bare(answer.question)}](${linkOf(answer, turn)})**`, "", body, "", ...notes].join("\n");
}

// Without a script or frame: it can stand on any page, and asks nothing of this service until somebody follows it.
function asEmbed(answer, turn) {
  const figure = el("figure", {}, el("figcaption", {}, el("a", { href: linkOf(answer, turn) }, answer.question)), el("p", {}, answer.answer),
    sourcesOf(answer).map((each) => el("blockquote", { cite: absolute(sourceUrl(each)) }, each.quote.trim(), el("footer", {}, el("a", { href: absolute(sourceUrl(each)) }, `[${each.n}] ${each.title}`)))));
  return new XMLSerializer().serializeToString(figure).replace(' xmlns="http://www.w3.org/1999/xhtml"', "");
}

function fileUrl(turn, form) {
  const out = new URLSearchParams({ question: turn.state.turns[turn.at].q, format: form });
  for (const before of historyOf(turn.state.turns, turn.at)) out.append("history", before);
  if (turn.state.by) out.set("generator", turn.state.by);
  return `v1/values?${out}`;
}

export function actions(answer, turn) {
  const w = words();
  const said = el("span", { class: "said", role: "status" });
  const copies = (label, text) => el("li", {}, el("button", { type: "button", class: "item", onclick: async () => {
    said.textContent = (await copyText(text(answer, turn))) ? w.copied : w.not_copied;
  } }, label));
  const files = answer.values.length ? [["csv", w.csv], ["xlsx", w.xlsx]].map(([form, label]) =>
    el("li", {}, el("a", { class: "item", href: fileUrl(turn, form), download: true }, label))) : [];
  const menu = el("details", { class: "menu" }, el("summary", {}, w.carry), el("ul", {},
    copies(w.markdown, asMarkdown), ...files, copies(w.embed, asEmbed)));
  const copy = el("button", { type: "button", class: "quiet", onclick: async () => {
    said.textContent = (await copyText(asText(answer, turn))) ? w.copied : w.not_copied;
  } }, w.copy);
  const link = el("button", { type: "button", class: "quiet", onclick: async () => {
    said.textContent = (await copyText(linkOf(answer, turn))) ? w.copied : w.not_copied;
  } }, w.link);
  return el("div", { class: "actions" }, copy, link, menu, turn.feedback ? judging(answer, turn, said) : null, said);
}

function judging(answer, turn, said) {
  const w = words();
  const should = el("input", { type: "text", maxlength: "500", "aria-label": w.should, placeholder: w.should });
  const form = el("form", { class: "should", hidden: true }, should, el("button", { type: "submit", class: "quiet" }, w.send));
  const note = async (verdict) => {
    const body = { question: answer.question, history: historyOf(turn.state.turns, turn.at), verdict, should: should.value.trim(), answer_id: answer.id, snapshot: answer.snapshot };
    try {
      const response = await fetch("v1/feedback", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      said.textContent = response.ok ? w.thanks : w.not_sent + (await telling(await detailOf(response)))[0];
      if (response.ok) form.hidden = true;
    } catch {
      said.textContent = w.not_sent + w.unreachable;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    note("wrong");
  });
  const wrong = el("button", { type: "button", class: "quiet", "aria-expanded": "false", onclick: () => {
    form.hidden = !form.hidden;
    wrong.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) should.focus();
  } }, w.wrong);
  return el("span", { class: "judging" }, el("button", { type: "button", class: "quiet", onclick: () => note("right") }, w.right), wrong, form);
}
