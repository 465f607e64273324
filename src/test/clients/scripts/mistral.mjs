// The official TypeScript client, 1.x and 2.x alike.
import assert from "node:assert/strict";
import { Mistral } from "@mistralai/mistralai";

const serverURL = process.env.GALERNE_URL;
const client = new Mistral({ apiKey: process.env.GALERNE_KEY, serverURL });
const check = (what) => console.log(`check ${what}`);
const use = (usage) => console.log(`usage ${usage.promptTokens} ${usage.completionTokens}`);
const request = {
  model: "mistral-tiny",
  temperature: 0,
  maxTokens: 16,
  messages: [{ role: "user", content: "What is the capital of France?" }],
};

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("no error was raised");
}

const models = await client.models.list();
const ids = models.data.map((model) => model.id);
assert.ok(ids.includes("mistral-tiny") && ids.includes("open-mixtral-8x7b"), ids.join());
check("list");

const card = await client.models.retrieve({ modelId: "mistral-tiny" });
assert.equal(card.id, "mistral-tiny");
assert.equal(card.capabilities.completionChat, true);
assert.match(card.description, /SHA-256/);
check("retrieve");

const whole = await client.chat.complete(request);
const text = whole.choices[0].message.content;
assert.ok(text.length > 0);
assert.ok(["stop", "length"].includes(whole.choices[0].finishReason));
console.log(`answer ${JSON.stringify(text)}`);
use(whole.usage);
check("complete");

let streamed = "";
let usage;
let chunks = 0;
for await (const event of await client.chat.stream(request)) {
  assert.equal(usage, undefined, "usage came before the last chunk");
  streamed += event.data.choices[0].delta.content ?? "";
  usage = event.data.usage;
  chunks++;
}
assert.equal(streamed, text);
assert.deepEqual(usage.completionTokens, whole.usage.completionTokens);
assert.ok(chunks > 2);
use(usage);
check("stream");

const schema = {
  type: "object",
  properties: { city: { enum: ["Paris", "Lyon"] }, people: { type: "integer", minimum: 0 } },
  required: ["city", "people"],
  additionalProperties: false,
};
const described = await client.chat.complete({
  ...request,
  maxTokens: 64,
  responseFormat: {
    type: "json_schema",
    jsonSchema: { name: "city", schemaDefinition: schema, strict: true },
  },
});
const city = JSON.parse(described.choices[0].message.content);
assert.deepEqual(Object.keys(city).sort(), ["city", "people"]);
assert.ok(schema.properties.city.enum.includes(city.city) && Number.isInteger(city.people));
use(described.usage);
check("schema");

const tools = [
  { type: "function", function: { name: "population", description: "People", parameters: schema } },
];
const calling = { ...request, maxTokens: 96, tools, toolChoice: "any", parallelToolCalls: false };
const called = await client.chat.complete(calling);
const { message, finishReason } = called.choices[0];
assert.equal(finishReason, "tool_calls");
assert.equal(message.toolCalls.length, 1);
const [call] = message.toolCalls;
assert.match(call.id, /^[a-zA-Z0-9]{9}$/);
assert.equal(call.function.name, "population");
assert.ok(schema.properties.city.enum.includes(JSON.parse(call.function.arguments).city));
use(called.usage);
let last;
for await (const event of await client.chat.stream(calling)) last = event.data;
assert.equal(last.choices[0].finishReason, "tool_calls");
assert.equal(last.choices[0].delta.toolCalls[0].function.arguments, call.function.arguments);
use(last.usage);
const final = await client.chat.complete({
  ...request,
  tools,
  toolChoice: "none",
  messages: [
    ...request.messages,
    message,
    { role: "tool", toolCallId: call.id, name: "population", content: "2000000" },
  ],
});
assert.ok(final.choices[0].message.content.length > 0);
use(final.usage);
check("tools");

const inputs = ["The cat sleeps.", "A kitten naps.", "Shares fell sharply."];
const embedded = await client.embeddings.create({ model: "mistral-embed", inputs });
const vectors = embedded.data.map((entry) => entry.embedding);
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
assert.deepEqual(vectors.map((vector) => vector.length), [384, 384, 384]);
assert.deepEqual(embedded.data.map((entry) => entry.index), [0, 1, 2]);
assert.ok(dot(vectors[0], vectors[1]) > dot(vectors[0], vectors[2]));
assert.ok(ids.includes("mistral-embed"), ids.join());
use(embedded.usage);
check("embeddings");

const misused = await failure(client.embeddings.create({ ...request, inputs }));
assert.equal(misused.statusCode, 400);
assert.match(misused.body, /not a model for embeddings/);
check("embeddings refused");

const stranger = new Mistral({ apiKey: "wrong", serverURL });
const unauthorized = await failure(stranger.chat.complete(request));
assert.equal(unauthorized.statusCode, 401);
assert.match(unauthorized.body, /Unauthorized/);
check("unauthorized");

const invalid = await failure(client.chat.complete({ ...request, model: "no-such-model" }));
assert.equal(invalid.statusCode, 400);
assert.match(invalid.body, /Invalid model: no-such-model/);
check("unknown model");

const refused = await failure(client.chat.stream({ ...request, temperature: 7 }));
assert.equal(refused.statusCode, 422);
assert.deepEqual(refused.detail[0].loc, ["body", "temperature"]);
check("validation");
