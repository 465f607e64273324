// The OpenAI client for Node.
import assert from "node:assert/strict";
import OpenAI from "openai";

const baseURL = `${process.env.GALERNE_URL}/v1`;
const client = new OpenAI({ apiKey: process.env.GALERNE_KEY, baseURL });
const check = (what) => console.log(`check ${what}`);
const use = (usage) => console.log(`usage ${usage.prompt_tokens} ${usage.completion_tokens}`);
const request = {
  model: "mistral-small",
  temperature: 0,
  max_completion_tokens: 16,
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

const ids = [];
for await (const model of client.models.list()) ids.push(model.id);
assert.ok(ids.includes("mistral-small"), ids.join());
check("list");

assert.equal((await client.models.retrieve("mistral-small")).id, "mistral-small");
check("retrieve");

const whole = await client.chat.completions.create(request);
assert.ok(whole.choices[0].message.content.length > 0);
console.log(`answer ${JSON.stringify(whole.choices[0].message.content)}`);
use(whole.usage);
check("complete");

let streamed = "";
let usage;
const stream = await client.chat.completions.create({
  ...request,
  stream: true,
  stream_options: { include_usage: true },
});
for await (const chunk of stream) {
  streamed += chunk.choices[0].delta.content ?? "";
  usage = chunk.usage ?? usage;
}
assert.equal(streamed, whole.choices[0].message.content);
assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
use(usage);
check("stream");

const schema = {
  type: "object",
  properties: { city: { enum: ["Paris", "Lyon"] }, people: { type: "integer", minimum: 0 } },
  required: ["city", "people"],
  additionalProperties: false,
};
const described = await client.chat.completions.create({
  ...request,
  max_completion_tokens: 64,
  response_format: { type: "json_schema", json_schema: { name: "city", schema, strict: true } },
});
const city = JSON.parse(described.choices[0].message.content);
assert.deepEqual(Object.keys(city).sort(), ["city", "people"]);
assert.ok(schema.properties.city.enum.includes(city.city) && Number.isInteger(city.people));
use(described.usage);
check("schema");

const calling = {
  ...request,
  max_completion_tokens: 96,
  tools: [{ type: "function", function: { name: "population", parameters: schema } }],
  tool_choice: { type: "function", function: { name: "population" } },
  parallel_tool_calls: false,
};
const called = await client.chat.completions.create(calling);
const { message, finish_reason } = called.choices[0];
assert.equal(finish_reason, "tool_calls");
assert.equal(message.tool_calls.length, 1);
const [call] = message.tool_calls;
assert.ok(schema.properties.city.enum.includes(JSON.parse(call.function.arguments).city));
use(called.usage);
const accumulated = await client.chat.completions.stream(calling).finalChatCompletion();
assert.equal(
  accumulated.choices[0].message.tool_calls[0].function.arguments,
  call.function.arguments,
);
use(accumulated.usage);
const final = await client.chat.completions.create({
  ...calling,
  tool_choice: "none",
  messages: [
    ...request.messages,
    message,
    { role: "tool", tool_call_id: call.id, content: "2000000" },
  ],
});
assert.ok(final.choices[0].message.content.length > 0);
use(final.usage);
check("tools");

// without encoding_format this client asks for base64 and decodes it
const input = ["The cat sleeps.", "A kitten naps.", "Shares fell sharply."];
const embedded = await client.embeddings.create({ model: "mistral-embed", input });
const plain = await client.embeddings.create({
  model: "mistral-embed",
  input: input[0],
  encoding_format: "float",
});
const vectors = embedded.data.map((entry) => entry.embedding);
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
assert.deepEqual(vectors.map((vector) => vector.length), [384, 384, 384]);
assert.deepEqual(vectors[0], plain.data[0].embedding.map(Math.fround));
assert.ok(dot(vectors[0], vectors[1]) > dot(vectors[0], vectors[2]));
use(embedded.usage);
use(plain.usage);
check("embeddings");

const misused = await failure(client.embeddings.create({ model: "mistral-small", input }));
assert.ok(misused instanceof OpenAI.BadRequestError);
check("embeddings refused");

const stranger = new OpenAI({ apiKey: "wrong", baseURL });
const unauthorized = await failure(stranger.models.list());
assert.ok(unauthorized instanceof OpenAI.AuthenticationError);
assert.equal(unauthorized.status, 401);
check("unauthorized");

const invalid = await failure(
  client.chat.completions.create({ ...request, model: "no-such-model" }),
);
assert.ok(invalid instanceof OpenAI.BadRequestError);
// this client shows bodies of its own vendor's shape only; the status is what it passes on
assert.equal(invalid.status, 400);
check("unknown model");

const refused = await failure(client.chat.completions.create({ ...request, temperature: 1.9 }));
assert.ok(refused instanceof OpenAI.UnprocessableEntityError);
check("validation");
