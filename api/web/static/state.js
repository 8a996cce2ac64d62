// The page's whole state is its address: the questions in order, which of them stand alone, the places shown beside.

import { language } from "./words.js";

const MAX_HISTORY = 20;

export function read(search = location.search) {
  const given = new URLSearchParams(search);
  const alone = new Set(given.getAll("alone").map(Number));
  const turns = given.getAll("q").map((q) => q.trim()).filter(Boolean).map((q, at) => ({ q, alone: at === 0 || alone.has(at) }));
  return { turns, show: given.getAll("show").slice(0, 3), lang: given.get("lang"), from: given.get("s"), print: given.get("f"), by: given.get("by") };
}

export function address({ turns, show = [], lang = null, from = null, print = null, by = null }) {
  const out = new URLSearchParams();
  for (const turn of turns) out.append("q", turn.q);
  turns.forEach((turn, at) => at && turn.alone && out.append("alone", String(at)));
  for (const place of show) out.append("show", place);
  for (const [name, value] of [["by", by], ["lang", lang], ["s", from], ["f", print]]) if (value) out.set(name, value);
  const query = out.toString();
  return query ? `./?${query}` : "./";
}

// The earlier questions that a turn is understood by.
export function historyOf(turns, at) {
  let first = at;
  while (first > 0 && !turns[first].alone) first -= 1;
  return turns.slice(first, at).map((turn) => turn.q).slice(-MAX_HISTORY);
}

export const keyOf = (turns, at, by) => JSON.stringify([historyOf(turns, at), turns[at].q, by || "", language()]);

// The state that holds one answer and what it was understood by: what a link for it carries. With its language: it is the words
// of the answer that whoever opens it is told to be the same, or not.
export function only(state, at) {
  const kept = [...historyOf(state.turns, at).map((q) => ({ q, alone: false })), { ...state.turns[at], alone: false }];
  kept[0].alone = true;
  return { turns: kept, lang: language(), by: state.by };
}
