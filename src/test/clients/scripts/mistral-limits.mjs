// What the official TypeScript client sees of budgets that end and of rates.
import assert from "node:assert/strict";
import { Mistral } from "@mistralai/mistralai";

const serverURL = process.env.GALERNE_URL;
const tokens = Number(process.env.TOKENS);
const client = (key) => new Mistral({ apiKey: process.env[key], serverURL });
const request = {
  model: "open-mixtral-8x7b",
  temperature: 0,
  maxTokens: 16,
  messages: [{ role: "user", content: "What is the capital of France?" }],
};

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    const { type, code } = JSON.parse(error.body);
    return { status: error.statusCode, type, code, headers: error.headers };
  }
  assert.fail("no error was raised");
}

const streaming = client("STREAM_KEY");
let last;
for await (const event of await streaming.chat.stream(request)) {
  last = event.data;
}
assert.equal(last.choices[0].finishReason, "error");
assert.equal(last.usage.completionTokens, tokens);
console.log("check stream ends");

const whole = await client("WHOLE_KEY").chat.complete(request);
assert.equal(whole.choices[0].finishReason, "error");
assert.equal(whole.usage.completionTokens, tokens);
console.log("check answer ends");

const capped = await refusal(streaming.chat.complete(request));
assert.deepEqual([capped.status, capped.type, capped.code], [402, "spend_limit_reached", "1320"]);
console.log("check cap");

const rated = client("RATED_KEY");
await rated.chat.complete(request);
const limited = await refusal(rated.chat.complete(request));
assert.deepEqual([limited.status, limited.type, limited.code], [429, "rate_limited", "1300"]);
const wait = Number(limited.headers.get("retry-after"));
assert.ok(wait > 900 && wait <= 1000, `${wait}`);
console.log("check rate");
