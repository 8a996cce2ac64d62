// The key of who may change the index, as long as the tab is open; and what a refusal says, in the page's language.

import { detailOf } from "./ask.js";
import { telling } from "./telling.js";

const KEY = "wenju.key";

export function keep(key) {
  try {
    sessionStorage.setItem(KEY, key);
  } catch {
    // A browser that keeps nothing.
  }
}

export function headers() {
  let key = null;
  try {
    key = sessionStorage.getItem(KEY);
  } catch {
    // As above.
  }
  return key ? { Authorization: `Bearer ${key}` } : {};
}

export async function refusalOf(response) {
  const [told] = await telling(await detailOf(response));
  return told;
}
