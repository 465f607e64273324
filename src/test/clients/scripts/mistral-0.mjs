// The official TypeScript client, 0.x.
import assert from "node:assert/strict";
import MistralClient from "@mistralai/mistralai";

const endpoint = process.env.GALERNE_URL;
const client = new MistralClient(process.env.GALERNE_KEY, endpoint);
const check = (what) => console.log(`check ${what}`);
const use = (usage) => console.log(`usage ${usage.prompt_tokens} ${usage.completion_tokens}`);
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

const models = await client.listModels();
assert.ok(models.data.some((model) => model.id === "mistral-tiny"));
check("list");

const whole = await client.chat(request);
const text = whole.choices[0].message.content;
console.log(`answer ${JSON.stringify(text)}`);
use(whole.usage);
check("complete");

let streamed = "";
let last;
for await (const chunk of client.chatStream(request)) {
  streamed += chunk.choices[0].delta.content ?? "";
  last = chunk;
}
assert.equal(streamed, text);
assert.equal(last.usage.completion_tokens, whole.usage.completion_tokens);
use(last.usage);
check("stream");

const schema = {
  type: "object",
  properties: { city: { enum: ["Paris", "Lyon"] }, people: { type: "integer", minimum: 0 } },
  required: ["city", "people"],
  additionalProperties: false,
};
const described = await client.chat({
  ...request,
  maxTokens: 64,
  responseFormat: { type: "json_schema", json_schema: { name: "city", schema } },
});
const city = JSON.parse(described.choices[0].message.content);
assert.ok(schema.properties.city.enum.includes(city.city) && Number.isInteger(city.people));
use(described.usage);
check("schema");

const calling = {
  ...request,
  maxTokens: 300,
  tools: [
    { type: "function", function: { name: "population", description: "", parameters: schema } },
  ],
  toolChoice: "any",
};
const called = await client.chat(calling);
const { message, finish_reason } = called.choices[0];
assert.equal(finish_reason, "tool_calls");
for (const call of message.tool_calls) {
  assert.ok(schema.properties.city.enum.includes(JSON.parse(call.function.arguments).city));
}
use(called.usage);
const results = message.tool_calls.map((call) => ({
  role: "tool",
  tool_call_id: call.id,
  name: "population",
  content: "2000000",
}));
const final = await client.chat({
  ...calling,
  maxTokens: 16,
  toolChoice: "none",
  messages: [...request.messages, message, ...results],
});
assert.ok(final.choices[0].message.content.length > 0);
use(final.usage);
check("tools");

const input = ["The cat sleeps.", "A kitten naps.", "Shares fell sharply."];
const embedded = await client.embeddings({ model: "mistral-embed", input });
const [cat, kitten, shares] = embedded.data.map((entry) => entry.embedding);
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
assert.equal(cat.length, 384);
assert.ok(dot(cat, kitten) > dot(cat, shares));
use(embedded.usage);
check("embeddings");

const unauthorized = await failure(new MistralClient("wrong", endpoint).chat(request));
assert.equal(unauthorized.name, "MistralAPIError");
assert.match(unauthorized.message, /status: 401/);
check("unauthorized");

const unknown = await failure(client.chat({ ...request, model: "no-such-model" }));
assert.equal(unknown.name, "MistralAPIError");
assert.match(unknown.message, /status: 400[^]*Invalid model: no-such-model/);
check("unknown model");
