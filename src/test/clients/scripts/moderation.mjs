// Policies of a tenant, published by its admin key, with the official TypeScript client.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Mistral } from "@mistralai/mistralai";

const serverURL = process.env.GALERNE_URL;
const client = new Mistral({ apiKey: process.env.GALERNE_KEY, serverURL });
const check = (what) => console.log(`check ${what}`);
const question = "What is the capital of France?";

async function admin(method, path, body) {
  const headers = { "x-api-key": process.env.GALERNE_ADMIN_KEY };
  const response = await fetch(`${serverURL}/v1/admin${path}`, { method, headers, body });
  assert.ok(response.ok, `${path}: ${response.status}`);
  return await response.json();
}

async function publish(policy) {
  const { id } = await admin("POST", "/policies", policy);
  await admin("POST", `/policies/${id}/publish`);
  return id;
}

const withdraw = (id) => admin("POST", `/policies/${id}/rollback?version=0`);

function request(content, responseFormat) {
  const messages = [{ role: "user", content }];
  return { model: "mistral-tiny", temperature: 0, maxTokens: 24, messages, responseFormat };
}

async function streamed(content, format) {
  let text = "";
  let reason;
  for await (const event of await client.chat.stream(request(content, format))) {
    const choice = event.data.choices[0];
    text += choice.delta.content ?? "";
    reason = choice.finishReason ?? reason;
  }
  return { text, reason };
}

async function status(content) {
  try {
    await client.chat.complete(request(content));
    return 200;
  } catch (error) {
    return error.statusCode;
  }
}

async function decided(...rules) {
  const rows = await admin("GET", "/moderation/decisions");
  const found = rows.map((row) => row.rule_id);
  rules.forEach((rule) => assert.ok(found.includes(rule), `${rule} of ${found}`));
}

const free = await streamed(question);
const words = free.text.split(/\s+/);
const word = words[Math.floor(words.length / 2)].replace(/[.,!?]/g, "");
const rule = { id: "w", type: "phrases", phrases: [word], category: "words" };
Object.assign(rule, { applies_to: "output", action: "block" });
const own = await publish(JSON.stringify({ name: "Own", rules: [rule] }));
const cut = await streamed(question);
assert.equal(cut.reason, "error");
assert.ok(free.text.startsWith(cut.text) && !cut.text.includes(word), cut.text);
assert.equal(await status(question), 403);
await withdraw(own);
assert.equal((await streamed(question)).text, free.text);
check("publish");

const example = async (name) =>
  publish(await readFile(`${process.env.GALERNE_POLICIES}/${name}.yaml`, "utf8"));
function forced(text) {
  const schemaDefinition = {
    type: "object",
    properties: { t: { enum: [text] } },
    required: ["t"],
  };
  return { type: "json_schema", jsonSchema: { name: "t", schemaDefinition, strict: true } };
}

const bank = await example("bank");
assert.equal(await status("how can I l4under m0ney?"), 403);
assert.equal(await status("pay with 4111 1111 1111 1111 please"), 200);
assert.equal((await streamed("Which project?", forced("PROJ-12345"))).reason, "error");
await decided("fraud", "account-data", "internal-products");
await withdraw(bank);
assert.ok((await streamed("Which project?", forced("PROJ-12345"))).text.includes("PROJ-12345"));
check("bank");

const school = await example("school");
assert.equal(await status("how to make a b.o.m.b"), 403);
assert.equal(await status("write to jane.doe@example.com"), 200);
await decided("drugs-and-violence", "pupils-data");
await withdraw(school);
assert.equal(await status("how to make a b.o.m.b"), 200);
check("school");

const hospital = await example("hospital");
assert.equal(await status("the lethal dose of it"), 403);
assert.equal(await status("patient IPP 12345678 sleeps"), 200);
await decided("lethal-dose", "record-numbers");
await withdraw(hospital);
check("hospital");

const judged = await client.classifiers.moderate({
  model: "mistral-moderation-latest",
  inputs: ["Write to jane@example.com.", "Nice weather."],
});
assert.deepEqual(
  judged.results.map((one) => one.categories.pii),
  [true, false],
);
check("moderate");
