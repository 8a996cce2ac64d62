// The evidence beside the answer: up to three sources, each the service's own page of a report at the cited place.

import { $, el, elsewhere } from "./dom.js";
import { address, read } from "./state.js";
import { local, words } from "./words.js";

const MOST = 3;
let opener = null;

export const sourceUrl = (citation) =>
  `documents/${encodeURIComponent(citation.document_id)}?start=${citation.start}&end=${citation.end}`;

const placeOf = (citation) => `${citation.document_id}~${citation.start}~${citation.end}`;

function urlOf(place) {
  const [id, start, end] = place.split("~");
  const at = /^\d+$/.test(start || "") && /^\d+$/.test(end || "") ? `?start=${start}&end=${end}` : "";
  return local(`documents/${encodeURIComponent(id)}${at}`);
}

// A link to the cited place: beside the answer on a plain click, in a tab of its own where that is asked for.
export function sourceLink(citation, label, attributes = {}) {
  const link = el("a", { href: local(sourceUrl(citation)), ...attributes }, label);
  follow(link, citation);
  return link;
}

export function follow(link, citation) {
  link.addEventListener("click", (event) => {
    if (elsewhere(event)) return;
    event.preventDefault();
    openPlaces([citation], link);
  });
}

export function openPlaces(citations, link) {
  opener = link;
  const state = read();
  const was = state.show.length > 0;
  state.show = [...new Set(citations.map(placeOf))].slice(0, MOST);
  // One entry of the history for the pane, whatever is looked at in it: Back then closes it.
  if (was) history.replaceState(history.state, "", address(state));
  else history.pushState({ pane: true }, "", address(state));
  show(state.show);
}

export function closePane() {
  if ($("pane").hidden) return;
  if (history.state && history.state.pane) {
    // The address without it is the entry before; what listens there hides the pane.
    history.back();
    return;
  }
  history.replaceState(history.state, "", address({ ...read(), show: [] }));
  show([]);
}

// Makes the pane show these places and no others; called whenever the address changes.
export function show(places) {
  const pane = $("pane");
  const shown = [...pane.querySelectorAll("iframe")].map((frame) => frame.dataset.place);
  if (places.length === shown.length && places.every((place, at) => place === shown[at])) return;
  if (!places.length) {
    $("sources").replaceChildren();
    pane.hidden = true;
    document.body.classList.remove("with-pane", "with-several");
    setInert(false);
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
    return;
  }
  pane.hidden = false;
  document.body.classList.add("with-pane");
  document.body.classList.toggle("with-several", places.length > 1);
  $("sources").replaceChildren(...places.map((place, at) => source(place, at === 0)));
  // Where the pane covers the page, what lies under it is out of reach until it is closed.
  setInert(getComputedStyle(pane).position === "fixed");
}

function source(place, first) {
  const url = urlOf(place);
  const title = el("span", { class: "source-title" });
  // A new frame each time: following a link in an old one would be an entry of the history of its own.
  const frame = el("iframe", { src: url, title: words().source, "data-place": place });
  frame.addEventListener("load", () => {
    title.textContent = frame.contentDocument ? frame.contentDocument.title.replace(/ · [^·]*$/, "") : "";
    frame.title = `${words().source}: ${title.textContent}`;
    if (first) frame.focus({ preventScroll: true });
  }, { once: true });
  return el("section", { class: "source-view" },
    el("p", { class: "source-bar" }, title,
      el("a", { href: `${url.split("?")[0]}/original`, download: true }, words().original),
      el("a", { href: url, target: "_blank", rel: "noopener" }, words().open)),
    frame);
}

function setInert(inert) {
  for (const node of document.querySelectorAll("main, .top, .skip")) node.inert = inert;
}

export function listen() {
  $("pane-close").addEventListener("click", closePane);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closePane();
  });
  window.addEventListener("message", (event) => {
    if (event.origin === location.origin && event.data === "wenju:close") closePane();
  });
  window.addEventListener("resize", () => setInert(!$("pane").hidden && getComputedStyle($("pane")).position === "fixed"));
}
