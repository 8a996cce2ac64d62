// Asking the service: one request, whose events tell the answer while it is made.

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

// Resolves to the whole answer. `told` is handed each piece of text; `signal` stops it. Raises Refused, or what fetch raises.
export async function ask(body, { signal, understood, told }) {
  const response = await fetch("v1/ask", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...body, stream: true }), signal,
  });
  if (!response.ok) throw new Refused(response.status, await detailOf(response));
  for await (const [name, data] of events(response.body)) {
    if (name === "understood") understood(data);
    else if (name === "delta") told(data.text);
    else if (name === "done") return data;
    else if (name === "error") throw new Refused(data.status, data.detail);
  }
  throw new TypeError("the connection ended before the answer did");
}

export async function detailOf(response) {
  try {
    const problem = await response.json();
    return problem.detail || problem.title || String(response.status);
  } catch {
    return String(response.status);
  }
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    // A line can end in CR LF, whose halves can arrive apart: the last CR waits for what follows it.
    held = (held + value).replace(/\r\n/g, "\n");
    const blocks = held.split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const event = parsed(block);
      if (event) yield event;
    }
  }
}

function parsed(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length ? [name, JSON.parse(data.join("\n"))] : null;
}
