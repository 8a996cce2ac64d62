// The ask page: a conversation whose whole state is the address. Every change of it goes through `sync`.

import { $, el, textLang } from "./dom.js";
import { answerArticle } from "./answer.js";
import { ask, Refused } from "./ask.js";
import { printOf } from "./carry.js";
import * as mine from "./mine.js";
import * as pane from "./pane.js";
import { address, historyOf, keyOf, read } from "./state.js";
import { telling } from "./telling.js";
import { language, local, otherLanguage, words } from "./words.js";

const MAX_QUESTION = 1000;
const answers = new Map();
const notes = new WeakMap();
const start = { suggestions: [], generators: [], held: {}, documents: 0, feedback: false };
let running = null;

function say(text, done = false) {
  $("state").textContent = text;
  $("state").classList.toggle("offscreen", done);
}

// Makes the page show what the address says: keeps the articles that fit, asks for those that are missing.
async function sync({ focus = false } = {}) {
  const state = read();
  const w = words();
  pane.show(state.show);
  document.body.classList.toggle("talking", state.turns.length > 0);
  const articles = [...$("answers").children];
  const keys = state.turns.map((_, at) => keyOf(state.turns, at, state.by));
  let same = 0;
  while (same < keys.length && articles[same] && articles[same].dataset.key === keys[same]) same += 1;
  const asking = running && !articles.slice(0, same).some((each) => each === running.article);
  if (asking) running.stop.abort();
  articles.slice(same).forEach((each) => each.remove());
  const last = state.turns[state.turns.length - 1];
  document.title = last ? `${last.q} · ${w.name}` : `${w.name} · ${w.title}`;
  for (let at = same; at < state.turns.length; at += 1) {
    const article = el("article", { class: "answer", "data-key": keys[at] });
    $("answers").append(article);
    // In order: an answer that stands above is read first.
    if (!(await fill(article, state, at, keys[at]))) return;
  }
  if (focus && same < state.turns.length) show($("answers").lastElementChild);
}

function show(article) {
  if (!article) return;
  article.scrollIntoView({ block: "start", behavior: "instant" });
  const heading = article.querySelector(".asked");
  if (heading) heading.focus({ preventScroll: true });
}

// Whether the article got what it was for: an answer, or a line that says why there is none.
async function fill(article, state, at, key) {
  const w = words();
  const turn = state.turns[at];
  const known = answers.get(key);
  await ready;
  if (known) {
    put(article, known, state, at);
    return true;
  }
  if (!article.isConnected) return false;
  const told = el("p", { class: "answer-text", "aria-live": "off" });
  article.replaceChildren(el("h2", { class: "asked", lang: textLang(turn.q), tabindex: "-1" }, turn.q), told);
  article.scrollIntoView({ block: "nearest" });
  const stop = new AbortController();
  running = { article, stop };
  $("submit").hidden = true;
  $("stop").hidden = false;
  say(w.asking);
  try {
    const body = { question: turn.q, history: historyOf(state.turns, at), language: toldIn(turn.q) };
    if (state.by) body.generator = state.by;
    const answer = await ask(body, { signal: stop.signal, understood: () => {}, told: (text) => { told.textContent += text; } });
    answers.set(key, answer);
    notes.set(answer, await telling(...(answer.notes || [])));
    put(article, answer, state, at);
    say(answer.abstained ? w.abstained : w.answered, true);
    mine.remember(turn.q, address({ turns: state.turns.slice(0, at + 1), by: state.by, lang: state.lang }));
    return true;
  } catch (error) {
    if (!article.isConnected) return false;
    const [said] = error instanceof Refused ? await telling(error.message) : [w.unreachable];
    fail(article, turn.q, stop.signal.aborted ? w.stopped : error.status === 401 ? w.locked : said);
    say(stop.signal.aborted ? w.stopped : w.failed, true);
    return true;
  } finally {
    if (running && running.article === article) {
      running = null;
      $("submit").hidden = false;
      $("stop").hidden = true;
    }
  }
}

// In the page's language; a question in traditional characters is answered in them.
const toldIn = (question) => (language() === "en" ? "en" : textLang(question) === "en" ? "zh" : "auto");

function put(article, answer, state, at) {
  const dropped = () => {
    const now = read();
    now.turns[at].alone = true;
    history.pushState(null, "", address({ ...now, show: [], from: null, print: null }));
    sync({ focus: true });
  };
  const { parts, name } = answerArticle(answer, { state, at, held: start.held, feedback: start.feedback, notes: notes.get(answer) || [], drop: at > 0 ? dropped : null });
  article.className = name;
  article.replaceChildren(...parts.flat(2).filter(Boolean));
  if (state.from && at === state.turns.length - 1) article.querySelector(".verdict-line").after(since(answer, state));
}

// What a link that was made earlier says of the index since then.
function since(answer, state) {
  const w = words();
  const line = answer.snapshot === state.from ? w.unchanged : printOf(answer) === state.print ? w.newer_same : w.newer_changed;
  return el("p", { class: answer.snapshot === state.from ? "fine" : "notice" }, line);
}

function fail(article, question, line) {
  article.className = "answer failed";
  const retry = el("button", { type: "button", class: "quiet", onclick: () => { article.removeAttribute("data-key"); sync({ focus: true }); } }, words().retry);
  article.replaceChildren(el("h2", { class: "asked", lang: textLang(question), tabindex: "-1" }, question),
    el("p", { class: "verdict-line" }, el("span", { class: "verdict" }, words().failed)), el("p", { class: "answer-text" }, line), retry);
}

function submit(question) {
  const w = words();
  const q = question.trim();
  const long = [...q].length;
  if (!q || long > MAX_QUESTION) {
    say(q ? w.too_long.replace("#", long) : w.empty);
    $("question").focus();
    return;
  }
  const state = read();
  const by = $("generator").value || null;
  state.turns.push({ q, alone: state.turns.length === 0 });
  history.pushState(null, "", address({ ...state, show: [], from: null, print: null, by: by === start.generators[0] ? null : by }));
  $("question").value = "";
  say("");
  sync({ focus: true });
}

function speak() {
  const w = words();
  document.documentElement.lang = w.lang;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = w[node.dataset.t];
  for (const node of document.querySelectorAll("[data-href]")) node.href = local(node.dataset.href);
  $("language").textContent = w.other;
  $("language").lang = w.otherLang;
  suggest();
  holds();
  mine.fill();
}

// What can be asked of, in a line: places and years.
function holds() {
  const years = Object.values(start.held).flat();
  $("holds").hidden = !start.documents || !years.length;
  if ($("holds").hidden) return;
  const told = { documents: start.documents, places: Object.keys(start.held).length, years: `${Math.min(...years)}–${Math.max(...years)}` };
  $("holds").firstChild.textContent = words().holds.replace(/\{(\w+)\}/g, (_, name) => told[name]);
}

function suggest() {
  const offered = start.suggestions;
  $("examples").hidden = !offered.length;
  $("example-list").replaceChildren(...offered.map((text) => el("li", {}, el("button", { type: "button", class: "example", lang: textLang(text), onclick: () => submit(text) }, text))));
  $("question").placeholder = offered.length ? words().placeholder.replace("#", offered[0]) : "";
}

// From the service as JSON, or null where it gives none: the page answers without.
async function given(path) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

// What answers are shown with: asked for at once, and waited for before the first of them.
const ready = given("web/start").then((found) => {
  Object.assign(start, found || {});
  holds();
  const by = read().by;
  // The two that need no language model say the same in other forms; a choice is offered where there is one.
  $("by-row").hidden = start.generators.every((name) => name === "extractive" || name === "passages");
  $("generator").replaceChildren(...start.generators.map((name) => el("option", { value: name, selected: name === by }, words().generators[name] || name)));
});

// Takes the service longer, when it has not been asked before: each was tried.
async function offer() {
  const lang = language();
  const found = await given(`web/suggestions?lang=${lang}`);
  if (!found || lang !== language()) return;
  start.suggestions = found.suggestions;
  suggest();
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  submit($("question").value);
});
$("question").addEventListener("keydown", (event) => {
  // Enter asks, Shift+Enter breaks the line; Enter that only confirms an input method's choice does neither.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("form").requestSubmit();
  }
});
$("stop").addEventListener("click", () => {
  if (running) running.stop.abort();
  $("question").focus();
});
$("language").addEventListener("click", () => {
  history.replaceState(history.state, "", address({ ...read(), lang: otherLanguage() }));
  speak();
  $("answers").replaceChildren();
  sync();
  offer();
});
for (const link of document.querySelectorAll(".home")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", address({ turns: [], lang: read().lang }));
    sync();
    $("question").focus();
  });
}
window.addEventListener("popstate", () => {
  speak();
  sync();
});
window.addEventListener("beforeprint", () => document.querySelectorAll("article details:not(.menu)").forEach((each) => { each.open = true; }));
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
pane.listen();
mine.listen((url) => {
  history.pushState(null, "", url);
  sync({ focus: true });
});

speak();
sync({ focus: true });
if (!read().turns.length) $("question").focus();
offer();
