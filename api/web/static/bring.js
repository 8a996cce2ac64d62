// Bringing reports: each file is sent by itself, so that one's fate is known before the next one's, and none takes others down.

import { $, el } from "./dom.js";
import { local, words } from "./words.js";

const NAME = "wenju.sent";
const KEY = "wenju.key";
const queue = [];
let busy = false;

const MORE = {
  zh: { waiting: "等待中", sending: "正在上传", reading: "正在读入…", added: "已收录", refused: "没有收录", same: "内容与另一文件相同：", gone: "已移除", undo: "撤销移除",
    remove: "移除", facts: "条数字", doubts: "存疑", ask: "提问", about: "资料", absent: "索引里没有这个文件（可能还在读入，或没有被收录）", key: "需要有 ingest 权限的密钥。",
    unknown: "未注明", check: "再看一次", no_figures: "没有从中读出数字；扫描件需要先做文字识别。",
    kinds: { annual: "政府工作报告", half_year: "半年报告", quarter: "季度报告", bulletin: "统计公报", budget: "预算报告", plan: "计划报告", outline: "规划纲要", summary: "工作总结", news: "报道", other: "其他" } },
  en: { waiting: "Waiting", sending: "Sending", reading: "Being read…", added: "Added", refused: "Not added", same: "Same content as ", gone: "Removed", undo: "Undo",
    remove: "Remove", facts: "figures", doubts: "Doubts", ask: "Ask", about: "About", absent: "The index has no such file (it may still be read, or was not added)", key: "A key with the scope ingest is needed.",
    unknown: "not stated", check: "Look again", no_figures: "No figures were read in it; a scan needs its text recognised first.",
    kinds: { annual: "work report", half_year: "half-year report", quarter: "quarterly report", bulletin: "statistical bulletin", budget: "budget report", plan: "plan report", outline: "five-year outline", summary: "summary of work", news: "news", other: "other" } },
};
const more = () => (words().lang === "en" ? MORE.en : MORE.zh);

function store(kind, name, value) {
  try {
    if (value === undefined) return kind.getItem(name);
    kind.setItem(name, value);
  } catch {
    // A browser that keeps nothing.
  }
  return null;
}

const headers = () => {
  const key = store(sessionStorage, KEY);
  return key ? { Authorization: `Bearer ${key}` } : {};
};

// The names that were sent from this tab: what became of them can be looked up again after a reload.
const sentNames = () => JSON.parse(store(sessionStorage, NAME) || "[]");

function remember(name) {
  store(sessionStorage, NAME, JSON.stringify([...new Set([name, ...sentNames()])].slice(0, 100)));
}

function line(name) {
  const state = el("p", { class: "card-text" }, more().waiting);
  const body = el("div");
  const item = el("li", { class: "card" }, el("p", { class: "place", lang: "zh-Hans" }, name), state, body);
  $("sent").prepend(item);
  return { name, item, state, body };
}

function take(files) {
  for (const file of files) queue.push({ file, row: line(file.name) });
  work();
}

async function work() {
  if (busy) return;
  busy = true;
  while (queue.length) {
    const { file, row } = queue[0];
    const outcome = await send(file, row);
    if (outcome === "locked") break;
    queue.shift();
  }
  busy = false;
}

// Sends one file; resolves to "locked" where a key is wanted first.
function send(file, row) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const progress = el("progress", { max: "1", value: "0", "aria-label": `${more().sending}: ${file.name}` });
    row.state.textContent = more().sending;
    row.body.replaceChildren(progress);
    request.open("POST", "v1/documents");
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => { progress.value = event.loaded / (event.total || 1); });
    request.upload.addEventListener("load", () => {
      row.state.textContent = more().reading;
      progress.removeAttribute("value");
      remember(file.name);
    });
    request.addEventListener("load", async () => {
      if (request.status === 401 || request.status === 403) {
        row.state.textContent = more().key;
        row.body.replaceChildren();
        askForKey();
        resolve("locked");
        return;
      }
      await told(request, file, row);
      resolve("done");
    });
    request.addEventListener("error", () => {
      refuse(row, words().unreachable);
      resolve("done");
    });
    const form = new FormData();
    form.append("files", file, file.name);
    request.send(form);
  });
}

async function told(request, file, row) {
  let reply = {};
  try {
    reply = JSON.parse(request.responseText);
  } catch {
    // Not ours: a proxy's own page, say.
  }
  if (request.status >= 400) return refuse(row, reply.detail || String(request.status));
  const refused = (reply.refused || []).map((each) => `${each.file}: ${each.cause}`);
  const notes = [...(reply.notes || []).map((each) => each.note), ...(reply.same || []).map((each) => `${more().same}${each.equals}`), ...refused];
  return found(row, file, notes, (reply.added || []).concat((reply.same || []).map((each) => each.equals)), refused.length > 0);
}

function refuse(row, cause) {
  row.item.classList.add("refused");
  row.state.textContent = more().refused;
  row.body.replaceChildren(el("p", { class: "warning" }, cause));
}

async function documentsOf(names) {
  const response = await fetch("v1/documents", { headers: headers() });
  if (!response.ok) return [];
  const { documents } = await response.json();
  return documents.filter((each) => names.some((name) => each.document === name || each.document.endsWith(`/${name}`) || each.also.includes(name)));
}

// What became of a file, as the index now has it.
async function found(row, file, notes = [], names = [], partly = false) {
  const w = more();
  const documents = await documentsOf(names.length ? names : [row.name]).catch(() => []);
  if (!documents.length) {
    refuse(row, notes.length ? notes.join("；") : w.absent);
    return;
  }
  row.item.classList.toggle("refused", partly);
  row.state.textContent = w.added;
  const lists = await Promise.all(documents.map(async (each) => {
    const reply = await fetch(`v1/facts?limit=1&document=${encodeURIComponent(each.id)}`, { headers: headers() });
    const total = reply.ok ? (await reply.json()).total : 0;
    const known = [w.kinds[each.kind] || each.kind, each.region || w.unknown, each.period || w.unknown, `${total} ${w.facts}`].join(" · ");
    return el("li", {}, el("a", { href: local(`documents/${encodeURIComponent(each.id)}/about`), lang: "zh-Hans" }, each.title), " ",
      el("span", { class: "fine" }, known),
      total ? null : el("span", { class: "warning" }, w.no_figures),
      each.doubts.map((doubt) => el("span", { class: "warning" }, `${w.doubts}: ${doubt}`)));
  }));
  const remove = el("button", { type: "button", class: "quiet", onclick: () => takeOut(row, file, documents) }, w.remove);
  row.body.replaceChildren(el("ul", { class: "reports" }, lists), ...notes.map((note) => el("p", { class: "warning" }, note)),
    el("p", { class: "links" }, el("a", { href: local("./") }, w.ask), " ", remove));
}

// The file itself is kept meanwhile, so that the way back is open.
async function takeOut(row, file, documents) {
  const w = more();
  const id = encodeURIComponent(documents[0].id);
  let kept = file;
  try {
    if (!kept) kept = new File([await (await fetch(`documents/${id}/original`, { headers: headers() })).blob()], row.name);
    const response = await fetch(`v1/documents/${id}?whole_file=true`, { method: "DELETE", headers: headers() });
    if (!response.ok) {
      row.body.append(el("p", { class: "warning" }, (await response.json()).detail || String(response.status)));
      if (response.status === 401 || response.status === 403) askForKey();
      return;
    }
  } catch {
    row.body.append(el("p", { class: "warning" }, words().unreachable));
    return;
  }
  row.state.textContent = w.gone;
  const undo = el("button", { type: "button", class: "quiet", onclick: () => {
    queue.push({ file: kept, row });
    work();
  } }, w.undo);
  row.body.replaceChildren(el("p", {}, undo));
  undo.focus();
}

function askForKey() {
  $("key-form").hidden = false;
  $("key").focus();
}

const drop = $("drop");
if (drop) {
  $("files").addEventListener("change", () => {
    take([...$("files").files]);
    $("files").value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  $("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    store(sessionStorage, KEY, $("key").value.trim());
    $("key-form").hidden = true;
    work();
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.length > 1) event.preventDefault();
  });
  for (const name of sentNames().reverse()) {
    const row = line(name);
    row.state.textContent = more().reading;
    found(row, null);
  }
}
