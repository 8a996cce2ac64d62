// What the service says in English, in the language of the page; the same as `telling.py` does for the pages that it writes.

import { language } from "./words.js";

const DEPTH = 4;
let sentences = null;

// From the page's own folder, whatever page asks: fetched once, and only where it is needed.
async function load() {
  const response = await fetch(new URL("messages.json", import.meta.url));
  const pairs = response.ok ? await response.json() : [];
  const own = ([english]) => english.replaceAll("{}", "").length;
  return pairs.sort((a, b) => own(b) - own(a))
    .map(([english, chinese]) => [new RegExp(`^${english.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+?)")}$`, "s"), chinese]);
}

function told(message, depth = DEPTH) {
  if (!depth) return message;
  for (const [pattern, chinese] of sentences) {
    const found = pattern.exec(message);
    if (found) return chinese.replace(/\{(\d)\}/g, (_, at) => told(found[Number(at) + 1], depth - 1));
  }
  for (const [mark, written] of [["; ", "；"], [": ", "："]]) {
    const at = message.indexOf(mark);
    if (at < 0) continue;
    const [head, rest] = [message.slice(0, at), message.slice(at + mark.length)];
    const parts = [told(head, depth - 1), told(rest, mark === ": " ? depth - 1 : depth)];
    if (parts[0] !== head || parts[1] !== rest) return parts.join(written);
  }
  return message;
}

// Resolves to sentences of ours in the page's language; what is not known stays as it is.
export async function telling(...messages) {
  if (language() !== "zh" || !messages.length) return messages;
  try {
    sentences = sentences || (await load());
  } catch {
    return messages;
  }
  return messages.map((message) => told(message));
}
