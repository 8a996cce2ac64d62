// An answer as an article: what was asked, the answer, its figures to look at, its evidence, what can be done with it.

import { el, textLang } from "./dom.js";
import { actions } from "./carry.js";
import { fileAndPlace, placeOf } from "./citing.js";
import { figures } from "./figures.js";
import { openPlaces, sourceLink, sourceUrl } from "./pane.js";
import { local, words } from "./words.js";

const FIRST = 3;

// "…[1]" becomes a link for every mark that has a citation.
function cited(answer, text) {
  const byNumber = new Map(answer.citations.map((citation) => [String(citation.n), citation]));
  return text.split(/(\[\d+\])/).map((part) => {
    const citation = /^\[\d+\]$/.test(part) ? byNumber.get(part.slice(1, -1)) : null;
    return citation ? sourceLink(citation, part, { class: "ref", "aria-label": `${words().evidence} ${citation.n}` }) : part;
  });
}

// What stands above the figures, and below them. Lines that the figures say already are folded away; the answer then begins
// with the line that leads to them, or with what they are of, and what is not stated comes after what is.
function answerText(answer, drawn) {
  const lang = textLang(answer.answer);
  const lines = answer.answer.split(drawn ? /\n|(?<=\[\d+\]) (?=\S)/ : "\n");
  const told = drawn && answer.values.length > FIRST ? lines.filter((line) => /\[\d+\]$/.test(line)) : [];
  if (told.length <= FIRST) return [[el("p", { class: "answer-text", lang }, cited(answer, answer.answer))], []];
  const rest = lines.filter((line) => !told.includes(line));
  const head = lines[0] === rest[0] ? rest.shift() : caption(answer);
  return [[el("p", { class: "answer-text", lang: textLang(head) }, cited(answer, head))],
    [rest.length ? el("p", { class: "answer-rest", lang }, cited(answer, rest.join("\n"))) : null,
      el("details", { class: "whole" }, el("summary", {}, words().whole), el("p", { class: "answer-lines", lang }, cited(answer, answer.answer)))]];
}

// 平山县 · 固定资产投资 · 2019–2024
function caption(answer) {
  const of = (name) => [...new Set(answer.values.map((value) => value[name]).filter(Boolean))];
  const periods = of("period").sort();
  return [of("region").slice(0, 3).join("、"), of("indicator").slice(0, 2).join("、"), periods.length > 1 ? `${periods[0]}–${periods[periods.length - 1]}` : periods[0]].filter(Boolean).join(" · ");
}

function chip(label, value) {
  return el("li", { class: "chip" }, el("span", { class: "chip-label" }, label), el("span", { lang: textLang(value) }, value));
}

const several = (list) => (list.length > 4 ? `${list[0]}–${list[list.length - 1]}` : list.join("、"));

function understoodLine(understood, drop) {
  const w = words();
  const slots = [["region", understood.regions], ["period", understood.periods], ["indicator", understood.indicators]];
  const carried = slots.filter(([slot]) => understood.carried.includes(slot)).map(([, list]) => several(list)).filter(Boolean).join(" · ");
  if (understood.status === "any" && slots.every(([, list]) => !list.length)) return null;
  const list = el("ul", { class: "understood", "aria-label": w.understood });
  list.append(chip(w.kind, w.kinds[understood.kind] || understood.kind));
  for (const [slot, values] of slots) {
    if (values.length && !understood.carried.includes(slot)) list.append(chip(w[slot], several(values)));
  }
  if (understood.status !== "any") list.append(chip(w.status, w.statuses[understood.status] || understood.status));
  if (carried && drop) {
    list.append(el("li", {}, el("button", { type: "button", class: "chip carried", title: w.drop, "aria-label": `${w.follows}${carried}. ${w.drop}`, onclick: drop },
      el("span", { class: "chip-label" }, w.follows), el("span", { lang: "zh-Hans" }, carried), el("span", { "aria-hidden": "true" }, " ×"))));
  }
  return list;
}

function card(citation, { numbered = false } = {}) {
  return el("li", { class: "card" },
    citation.text ? el("p", { class: "card-text", lang: textLang(citation.text) }, citation.text) : null,
    el("p", { class: "place", lang: "zh-Hans" }, numbered ? el("b", {}, `[${citation.n}] `) : null, placeOf(citation)),
    el("blockquote", { lang: "zh-Hans", cite: local(sourceUrl(citation)) }, citation.quote),
    el("p", { class: "card-foot" }, sourceLink(citation, words().open_source, { class: "show" }), el("span", { class: "file" }, fileAndPlace(citation))));
}

const cards = (citations, options) => el("ol", { class: "cards" }, citations.map((each) => card(each, options)));

function section(title, name, ...children) {
  return el("section", { class: name }, el("h3", {}, title), ...children);
}

function evidence(citations) {
  const w = words();
  const rest = citations.slice(FIRST);
  const apart = new Set(citations.map((each) => each.document_id)).size > 1;
  const side = apart ? el("button", { type: "button", class: "quiet side" }, w.side.replace("#", Math.min(FIRST, citations.length))) : null;
  if (side) side.addEventListener("click", () => openPlaces(citations.slice(0, FIRST), side));
  // Of a long row the table's own marks lead to each sentence; the cards are there for whoever wants to read them all.
  if (rest.length > FIRST) {
    return section(w.evidence, "evidence", side, el("details", { class: "all" }, el("summary", {}, `${w.evidence} (${citations.length})`), cards(citations, { numbered: true })));
  }
  return section(w.evidence, "evidence", side, cards(citations.slice(0, FIRST), { numbered: true }),
    rest.length ? el("details", { class: "all" }, el("summary", {}, w.others.replace("#", rest.length)), cards(rest, { numbered: true })) : null);
}

function support(answer) {
  const w = words();
  const word = answer.support >= 0.9 ? w.sure : answer.support >= 0.7 ? w.likely : w.unsure;
  return el("span", { class: "support" }, `${w.support}: ${word} (${answer.support.toFixed(2)})`);
}

// `turn`: {drop, state, at, held, feedback, notes}. `drop` is null where nothing was taken from before; `notes` are the answer's, in
// the page's language.
export function answerArticle(answer, turn) {
  const w = words();
  const drawn = answer.abstained ? [] : figures(answer, turn.held);
  const [above, below] = answerText(answer, drawn.length > 0);
  const verdict = answer.abstained ? w.reasons[answer.reason] || w.abstained : w.answered;
  const parts = [
    el("h2", { class: "asked", lang: textLang(answer.question), tabindex: "-1" }, answer.question),
    el("p", { class: "verdict-line" }, el("span", { class: "verdict" }, verdict), " ", answer.abstained ? null : support(answer)),
    above, ...drawn, below, understoodLine(answer.understood, turn.drop),
    turn.notes.map((note) => el("p", { class: "notice", lang: textLang(note) }, `${w.note}: ${note}`)),
    answer.citations.length ? evidence(answer.citations) : null,
    answer.nearest.length ? section(w.nearest, "nearest", cards(answer.nearest, {})) : null,
    answer.conflicts.length ? section(w.conflicts, "conflicts", cards(answer.conflicts, {})) : null,
    actions(answer, turn),
  ];
  return { parts, name: answer.abstained ? "answer abstained" : "answer" };
}
