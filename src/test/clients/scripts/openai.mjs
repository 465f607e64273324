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
