// Files and batches with the official TypeScript client, 1.x and 2.x alike.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Mistral } from "@mistralai/mistralai";

const client = new Mistral({
  apiKey: process.env.GALERNE_KEY,
  serverURL: process.env.GALERNE_URL,
});
const check = (what) => console.log(`check ${what}`);
const ask = (content) => ({ max_tokens: 8, temperature: 0, messages: [{ role: "user", content }] });

async function text(stream) {
  return await new Response(stream).text();
}

async function ended(job) {
  while (["QUEUED", "RUNNING", "CANCELLATION_REQUESTED"].includes(job.status)) {
    await sleep(100);
    job = await client.batch.jobs.get({ jobId: job.id });
  }
  return job;
}

const lines = ["Name a colour.", "Name a city."].map((question, i) =>
  JSON.stringify({ custom_id: `${i}`, body: ask(question) }),
);
const content = new TextEncoder().encode(lines.join("\n"));
const file = await client.files.upload({
  file: { fileName: "requests.jsonl", content },
  purpose: "batch",
});
assert.equal(file.purpose, "batch");
assert.equal(file.sampleType, "batch_request");
assert.equal(file.source, "upload");
const card = await client.files.retrieve({ fileId: file.id });
assert.equal(card.deleted, false);
assert.equal(card.numLines, 2);
const listed = await client.files.list({ purpose: "batch", pageSize: 10 });
assert.equal(listed.total, 1);
assert.equal(listed.data[0].id, file.id);
assert.equal(await text(await client.files.download({ fileId: file.id })), lines.join("\n"));
const { url } = await client.files.getSignedUrl({ fileId: file.id, expiry: 1 });
assert.equal(await (await fetch(url)).text(), lines.join("\n"));
check("files");

let job = await client.batch.jobs.create({
  inputFiles: [file.id],
  endpoint: "/v1/chat/completions",
  model: "mistral-tiny",
  metadata: { job_type: "testing" },
});
assert.equal(job.object, "batch");
assert.deepEqual(job.inputFiles, [file.id]);
job = await ended(job);
assert.equal(job.status, "SUCCESS");
assert.equal(job.totalRequests, 2);
assert.equal(job.succeededRequests, 2);
assert.deepEqual(job.metadata, { job_type: "testing" });
const results = (await text(await client.files.download({ fileId: job.outputFile })))
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
assert.deepEqual(results.map((result) => result.custom_id), ["0", "1"]);
assert.ok(results.every((result) => result.response.body.choices[0].message.content.length > 0));
check("job");

const byMetadata = await client.batch.jobs.list({ metadata: { job_type: "testing" } });
assert.equal(byMetadata.total, 1);
assert.equal((await client.batch.jobs.list({ metadata: { job_type: "other" } })).total, 0);
assert.equal((await client.batch.jobs.list({ status: ["SUCCESS", "FAILED"] })).total, 1);
assert.equal((await client.batch.jobs.list({ createdAfter: new Date() })).total, 0);
check("list");

const long = Array.from({ length: 50 }, (_, i) => ({
  custom_id: `${i}`,
  body: { ...ask("Tell a long story."), max_tokens: 300 },
}));
const many = await client.files.upload({
  file: {
    fileName: "many.jsonl",
    content: new TextEncoder().encode(long.map((line) => JSON.stringify(line)).join("\n")),
  },
  purpose: "batch",
});
const cancelled = await client.batch.jobs.create({
  inputFiles: [many.id],
  endpoint: "/v1/chat/completions",
  model: "mistral-tiny",
});
await client.batch.jobs.cancel({ jobId: cancelled.id });
assert.equal((await ended(await client.batch.jobs.get({ jobId: cancelled.id }))).status, "CANCELLED");
check("cancel");

const deleted = await client.files.delete({ fileId: file.id });
assert.equal(deleted.deleted, true);
await assert.rejects(client.files.retrieve({ fileId: file.id }), { statusCode: 404 });
await assert.rejects(
  client.files.upload({
    file: { fileName: "bad.jsonl", content: new TextEncoder().encode('{"custom_id":"0","body":{}}\n{') },
    purpose: "batch",
  }),
  (error) => error.statusCode === 422 && error.body.includes("Line 2"),
);
check("errors");
