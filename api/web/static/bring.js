// Bringing reports: files are handed to the service, which tells of each change it was asked for, however often the page is loaded.

import { $, el } from "./dom.js";
import { correctedLine, correcting, correction } from "./correct.js";
import { headers, keep, refusalOf } from "./keyed.js";
import { telling } from "./telling.js";
import { local, words } from "./words.js";

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_FILES = 50;
const EVERY = 500;

const MORE = {
  zh: { uploading: "正在上传", waiting: "等待前面的改动", reading: "正在读入", writing: "正在写入索引", done: "已收录", failed: "没有收录", lost: "服务中途停止，没有收录；请重新添加", partly: "部分收录",
    same: "内容与另一文件相同：", remove: "移除", undo: "撤销移除", facts: "条数字", doubts: "存疑", ask: "提问", about: "资料", unknown: "未注明", gone: "已不在索引里", forget: "从列表去掉", key: "需要有 ingest 权限的密钥。",
    no_figures: "没有从中读出数字；扫描件需要先做文字识别。", of: "共 # 个文件", removed: "已移除，可以恢复", restoring: "正在恢复…", replaced: "替换了旧的", removing: "正在移除…" },
  en: { uploading: "Sending", waiting: "Waiting for the changes before", reading: "Being read", writing: "Being written to the index", done: "Added", failed: "Not added", lost: "The service stopped meanwhile and nothing was added; add the files again", partly: "Added in part",
    same: "Same content as ", remove: "Remove", undo: "Undo removal", facts: "figures", doubts: "Doubts", ask: "Ask", about: "About", unknown: "not stated", gone: "not in the index any more", forget: "Take off this list", key: "A key with the scope ingest is needed.",
    no_figures: "No figures were read in it; a scan needs its text recognised first.", of: "# files", removed: "Removed, can be brought back", restoring: "Being brought back…", replaced: "replaced the older one", removing: "Being removed…" },
};
const more = () => (words().lang === "en" ? MORE.en : MORE.zh);
const queue = [];
let busy = false;
let listed = null;

class Locked extends Error {}

async function call(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { ...headers(), ...options.headers } });
  if (response.status === 401 || response.status === 403) throw new Locked();
  if (!response.ok) throw new Error(await refusalOf(response));
  return response.status === 204 ? null : response.json();
}

// Runs what may need a key, and says in `said` what went wrong.
async function trying(said, work) {
  try {
    await work();
  } catch (error) {
    said.textContent = error instanceof Locked ? more().key : error instanceof TypeError ? words().unreachable : error.message;
    if (error instanceof Locked) askForKey();
  }
}

function askForKey() {
  $("key-form").hidden = false;
  $("key").focus();
}

// A card of the list: what is said of all its files, then of each.
function card(names, first = true) {
  const state = el("p", { class: "card-text", role: "status" });
  const progress = el("progress", { max: "1", "aria-label": names[0] });
  const body = el("div");
  const title = names.length > 1 ? `${names[0]} … (${more().of.replace("#", names.length)})` : names[0];
  const item = el("li", { class: "card" }, el("p", { class: "place", lang: "zh-Hans" }, title), state, progress, body);
  if (first) $("sent").prepend(item);
  else $("sent").append(item);
  return { item, state, progress, body };
}

// Many files go in several parts, so that no request is larger than what proxies let through.
function take(files) {
  let part = [];
  let bytes = 0;
  for (const file of files) {
    if (part.length && (part.length >= MOST_FILES || bytes + file.size > MOST_BYTES)) {
      queue.push(part);
      [part, bytes] = [[], 0];
    }
    part.push(file);
    bytes += file.size;
  }
  if (part.length) queue.push(part);
  work();
}

async function work() {
  if (busy) return;
  busy = true;
  // What is listed comes first: a card that is made meanwhile would be listed over.
  await listed;
  while (queue.length) {
    const row = card(queue[0].map((file) => file.name));
    row.item.dataset.sending = "";
    const outcome = await send(queue[0], row);
    delete row.item.dataset.sending;
    if (outcome === "locked") {
      row.item.remove();
      break;
    }
    queue.shift();
  }
  busy = false;
}

// Hands files over; what becomes of them is followed without keeping the next ones waiting.
function send(files, row) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    row.state.textContent = more().uploading;
    row.progress.value = 0;
    request.open("POST", "v1/jobs");
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => { row.progress.value = event.loaded / (event.total || 1); });
    request.addEventListener("load", async () => {
      if (request.status === 401 || request.status === 403) {
        $("bring-state").textContent = more().key;
        askForKey();
        resolve("locked");
        return;
      }
      $("bring-state").textContent = "";
      let reply = {};
      try {
        reply = JSON.parse(request.responseText);
      } catch {
        // Not ours: a proxy's own page, say.
      }
      if (request.status === 202) follow(reply, row);
      else refuse(row, await telling(reply.detail || String(request.status)));
      resolve("done");
    });
    request.addEventListener("error", () => {
      refuse(row, [words().unreachable]);
      resolve("done");
    });
    const form = new FormData();
    for (const file of files) form.append("files", file, file.name);
    request.send(form);
  });
}

function refuse(row, causes) {
  row.item.classList.add("refused");
  row.progress.hidden = true;
  row.state.textContent = more().failed;
  row.body.replaceChildren(...causes.map((cause) => el("p", { class: "warning" }, cause)));
}

const ended = (job) => ["done", "failed", "lost"].includes(job.state);

// Shows a job until nothing more comes of it. One card follows it: what lists them all may have met it first.
async function follow(job, row) {
  let now = job;
  if ($("sent").querySelector(`[data-job="${job.id}"]`)) {
    row.item.remove();
    return;
  }
  row.item.dataset.job = job.id;
  while (!ended(now)) {
    // The list was made anew meanwhile, and another card follows this job.
    if (!row.item.isConnected) return;
    row.state.textContent = more()[now.state] + (now.state === "reading" && now.total > 1 ? ` ${now.done}/${now.total}` : "…");
    if (now.state === "reading" && now.total) row.progress.value = now.done / now.total;
    else row.progress.removeAttribute("value");
    await new Promise((resolve) => { setTimeout(resolve, EVERY); });
    try {
      now = await call(`v1/jobs/${encodeURIComponent(now.id)}`);
    } catch (error) {
      if (error instanceof TypeError) continue;
      refuse(row, [error instanceof Locked ? more().key : error.message]);
      return;
    }
  }
  const listed = await call("v1/documents").catch(() => ({ documents: [] }));
  await shown(now, row, listed.documents);
}

// What became of a job's files, as the index has them now.
async function shown(job, row, documents) {
  const w = more();
  const forget = el("button", { type: "button", class: "quiet", onclick: () => trying(row.state, async () => {
    await call(`v1/jobs/${encodeURIComponent(job.id)}`, { method: "DELETE" });
    row.item.remove();
  }) }, w.forget);
  const refused = await Promise.all(job.refused.map(async ({ file, cause }) => `${file}: ${(await telling(cause))[0]}`));
  if (job.state !== "done") {
    refuse(row, refused.length ? refused : await telling(...(job.problem ? [job.problem.detail] : [])));
    if (job.state === "lost") row.state.textContent = w.lost;
    row.body.append(el("p", { class: "links" }, forget));
    return;
  }
  row.progress.hidden = true;
  row.item.classList.toggle("refused", refused.length > 0);
  row.state.textContent = refused.length ? w.partly : w.done;
  const notes = await Promise.all(job.result.notes.map(async ({ file, note }) => `${file}: ${(await telling(note))[0]}`));
  const same = job.result.same.map(({ file, equals }) => `${file}: ${w.same}${equals}`);
  const names = [...new Set([...job.result.added, ...job.result.same.map((each) => each.equals)])];
  const lists = await Promise.all(names.map((name) => fileEntry(name, documents.filter((each) => each.document === name), row, job)));
  row.body.replaceChildren(el("ul", { class: "reports" }, lists), ...[...refused, ...notes, ...same].map((line) => el("p", { class: "warning" }, line)),
    el("p", { class: "links" }, el("a", { href: local("./") }, w.ask), forget));
}

// One file with its documents, each of which can be put right, and the file taken out.
async function fileEntry(name, documents, row, job) {
  const w = more();
  if (!documents.length) return el("li", {}, el("span", { lang: "zh-Hans" }, name), " ", el("span", { class: "fine" }, w.gone));
  const remove = el("button", { type: "button", class: "quiet", onclick: () => trying(row.state, async () => {
    row.state.textContent = w.removing;
    await call(`v1/documents/${encodeURIComponent(documents[0].id)}?whole_file=true`, { method: "DELETE" });
    await refresh(job, row);
    const undo = $("removed").querySelector("button");
    if (undo) undo.focus();
  }) }, w.remove);
  const entries = await Promise.all(documents.map((each) => entry(each, row, job)));
  const replaced = job.result.replaced.includes(name) ? el("span", { class: "fine" }, ` ${w.replaced}`) : null;
  return el("li", {}, ...entries, el("p", { class: "links" }, remove, replaced));
}

async function entry(report, row, job) {
  const w = more();
  const reply = await fetch(`v1/facts?limit=1&document=${encodeURIComponent(report.id)}`, { headers: headers() });
  const total = reply.ok ? (await reply.json()).total : 0;
  const known = [correcting().kinds[report.kind] || report.kind, report.region || w.unknown, report.period || w.unknown, `${total} ${w.facts}`].join(" · ");
  const doubts = await telling(...report.doubts);
  return el("div", { class: "brought" }, el("a", { href: local(`documents/${encodeURIComponent(report.id)}/about`), lang: "zh-Hans" }, report.title), " ",
    el("span", { class: "fine" }, known), correctedLine(report), total ? null : el("span", { class: "warning" }, w.no_figures),
    doubts.map((doubt) => el("span", { class: "warning" }, `${w.doubts}: ${doubt}`)),
    ...correction(report, () => refresh(job, row)));
}

// Tells of a job anew, after the index was changed, and of what can be brought back.
async function refresh(job, row) {
  const { documents } = await call("v1/documents");
  await shown(job, row, documents);
  await listRemoved();
}

async function listRemoved() {
  const w = more();
  const { files } = await call("v1/removed");
  $("removed").replaceChildren(...(files.length ? [el("h2", {}, w.removed)] : []), el("ul", { class: "reports" }, files.map((name) => {
    const said = el("span", { class: "fine", role: "status" });
    const undo = el("button", { type: "button", class: "quiet", onclick: () => trying(said, async () => {
      said.textContent = w.restoring;
      await call("v1/removed", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ document: name }) });
      await listAll();
    }) }, w.undo);
    return el("li", {}, el("span", { lang: "zh-Hans" }, name), " ", undo, " ", said);
  })));
}

// Every change that the service still tells of, the newest first.
async function listAll() {
  const [{ jobs }, { documents }] = await Promise.all([call("v1/jobs"), call("v1/documents")]);
  // What is being sent is no job yet.
  $("sent").replaceChildren(...[...$("sent").children].filter((item) => "sending" in item.dataset));
  for (const job of jobs) {
    if ($("sent").querySelector(`[data-job="${job.id}"]`)) continue;
    const row = card(job.files, false);
    if (ended(job)) {
      row.item.dataset.job = job.id;
      await shown(job, row, documents);
    }
    else follow(job, row);
  }
  await listRemoved();
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
    keep($("key").value.trim());
    $("key-form").hidden = true;
    trying($("bring-state"), async () => {
      await listAll();
      $("bring-state").textContent = "";
      work();
    });
  });
  window.addEventListener("beforeunload", (event) => {
    // What has arrived goes on without this page; what has not would be lost.
    if (queue.length) event.preventDefault();
  });
  listed = trying($("bring-state"), listAll);
}
