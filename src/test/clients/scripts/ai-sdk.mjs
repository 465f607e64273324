// Vercel's AI SDK with its provider for Mistral.
import assert from "node:assert/strict";
import { createMistral } from "@ai-sdk/mistral";
import { APICallError, embedMany, generateObject, generateText, jsonSchema, streamText, tool } from "ai";

const baseURL = `${process.env.GALERNE_URL}/v1`;
const mistral = createMistral({ apiKey: process.env.GALERNE_KEY, baseURL });
const check = (what) => console.log(`check ${what}`);
const use = (usage) => console.log(`usage ${usage.inputTokens} ${usage.outputTokens}`);
const request = {
  model: mistral("mistral-small-latest"),
  temperature: 0,
  maxOutputTokens: 16,
  maxRetries: 0,
  prompt: "What is the capital of France?",
};

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("no error was raised");
}

const whole = await generateText(request);
console.log(`answer ${JSON.stringify(whole.text)}`);
use(whole.usage);
check("complete");

const stream = streamText(request);
let streamed = "";
for await (const piece of stream.textStream) streamed += piece;
assert.equal(streamed, whole.text);
use(await stream.usage);
check("stream");

const schema = jsonSchema({
  type: "object",
  properties: { city: { enum: ["Paris", "Lyon"] }, people: { type: "integer", minimum: 0 } },
  required: ["city", "people"],
  additionalProperties: false,
});
const described = await generateObject({ ...request, maxOutputTokens: 64, schema });
assert.deepEqual(Object.keys(described.object).sort(), ["city", "people"]);
assert.ok(["Paris", "Lyon"].includes(described.object.city));
use(described.usage);
check("schema");

const called = await generateText({
  ...request,
  maxOutputTokens: 300,
  tools: { population: tool({ description: "People", inputSchema: schema }) },
  toolChoice: "required",
  providerOptions: { mistral: { parallelToolCalls: false } },
});
assert.equal(called.finishReason, "tool-calls");
assert.equal(called.toolCalls.length, 1);
const [call] = called.toolCalls;
assert.ok(["Paris", "Lyon"].includes(call.input.city));
use(called.usage);
const result = {
  type: "tool-result",
  toolCallId: call.toolCallId,
  toolName: "population",
  output: { type: "text", value: "2000000" },
};
const { prompt, ...rest } = request;
const final = await generateText({
  ...rest,
  messages: [
    { role: "user", content: prompt },
    ...called.response.messages,
    { role: "tool", content: [result] },
  ],
});
assert.ok(final.text.length > 0);
use(final.usage);
check("tools");

const embedded = await embedMany({
  model: mistral.textEmbeddingModel("mistral-embed"),
  values: ["The cat sleeps.", "A kitten naps.", "Shares fell sharply."],
});
const [cat, kitten, shares] = embedded.embeddings;
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
assert.equal(cat.length, 384);
assert.ok(dot(cat, kitten) > dot(cat, shares));
console.log(`usage ${embedded.usage.tokens} 0`);
check("embeddings");

const stranger = createMistral({ apiKey: "wrong", baseURL });
const unauthorized = await failure(
  generateText({ ...request, model: stranger("mistral-small-latest") }),
);
assert.ok(APICallError.isInstance(unauthorized));
assert.equal(unauthorized.statusCode, 401);
check("unauthorized");

const unknown = await failure(generateText({ ...request, model: mistral("no-such-model") }));
assert.ok(APICallError.isInstance(unknown));
assert.equal(unknown.statusCode, 400);
assert.match(unknown.message, /Invalid model: no-such-model/);
check("unknown model");
