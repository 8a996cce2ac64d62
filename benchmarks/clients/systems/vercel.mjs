// Vercel's AI SDK against a running service: `node vercel.mjs URL` prints a JSON object.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject, generateText, streamText } from "ai";
import { z } from "zod";

const url = process.argv[2];
const provider = createOpenAICompatible({ name: "wenju", baseURL: `${url}/v1`, apiKey: "any", supportsStructuredOutputs: true });
const prompt = "2020年嘉定固定资产投资增长多少";
const told = { client: "Vercel AI" };

async function attempt(name, check) {
  try {
    const found = await check();
    told[name] = found === true ? "yes" : `no: ${JSON.stringify(found)}`.slice(0, 150);
  } catch (error) {
    told[name] = `no: ${error.name}: ${error.message}`.slice(0, 150);
  }
}

await attempt("whole", async () => (await generateText({ model: provider("wenju"), prompt })).text.includes("18.3%"));
await attempt("stream", async () => {
  let text = "";
  for await (const piece of streamText({ model: provider("wenju"), prompt }).textStream) text += piece;
  return text.includes("18.3%");
});
await attempt("citations", async () => (await generateText({ model: provider("wenju:sources"), prompt })).text.includes("/documents/"));
await attempt("errors", async () => {
  try {
    await generateText({ model: provider("nobody"), prompt, maxRetries: 0 });
  } catch (error) {
    return error.statusCode === 404 || error.name;
  }
  return "nothing was raised";
});
await attempt("structured", async () => {
  const schema = z.object({ region: z.string(), value: z.number() });
  return (await generateObject({ model: provider("wenju"), prompt, schema })).object.value === 18.3;
});
console.log(JSON.stringify(told));
