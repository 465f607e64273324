// Files with OpenAI's client: it parses the file object as it is.
import assert from "node:assert/strict";
import OpenAI, { toFile } from "openai";

const client = new OpenAI({
  apiKey: process.env.GALERNE_KEY,
  baseURL: `${process.env.GALERNE_URL}/v1`,
});
const line = '{"custom_id":"0","body":{"messages":[]}}';
const file = await client.files.create({
  file: await toFile(Buffer.from(line), "requests.jsonl"),
  purpose: "batch",
});
assert.equal(file.object, "file");
assert.equal(file.purpose, "batch");
assert.equal(file.bytes, line.length);
assert.equal((await client.files.retrieve(file.id)).filename, "requests.jsonl");
assert.equal(await (await client.files.content(file.id)).text(), line);
assert.equal((await client.files.delete(file.id)).deleted, true);
console.log("check files");
