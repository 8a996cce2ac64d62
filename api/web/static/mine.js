// One's own questions: a list in this browser, which goes nowhere else and can be emptied.

import { $, el, elsewhere, textLang } from "./dom.js";
import { words } from "./words.js";

const NAME = "wenju.questions";
const MOST = 100;

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) || "[]");
    return Array.isArray(found) ? found.filter((each) => typeof each.q === "string" && typeof each.url === "string" && each.url.startsWith("./?")) : [];
  } catch {
    return [];
  }
}

function keep(list) {
  try {
    localStorage.setItem(NAME, JSON.stringify(list.slice(0, MOST)));
  } catch {
    // A browser that keeps nothing: the list is then only as long as the page.
  }
}

export function remember(q, url) {
  keep([{ q, url }, ...kept().filter((each) => each.url !== url)]);
  fill();
}

let go = () => {};

export function listen(open) {
  go = open;
  window.addEventListener("storage", (event) => event.key === NAME && fill());
  $("forget").addEventListener("click", () => {
    keep([]);
    fill();
    $("question").focus();
  });
}

export function fill() {
  const list = kept();
  $("mine").hidden = !list.length;
  $("mine-title").textContent = `${words().mine} (${list.length})`;
  $("mine-list").replaceChildren(...list.map((each, at) => {
    const link = el("a", { href: each.url, lang: textLang(each.q) }, each.q);
    link.addEventListener("click", (event) => {
      if (elsewhere(event)) return;
      event.preventDefault();
      go(each.url);
    });
    const remove = el("button", { type: "button", class: "remove", "aria-label": `${words().forget}: ${each.q}`, onclick: () => {
      keep(kept().filter((other) => other.url !== each.url));
      fill();
      const left = $("mine-list").querySelectorAll(".remove");
      (left[Math.min(at, left.length - 1)] || $("question")).focus();
    } }, "×");
    return el("li", {}, link, remove);
  }));
}
