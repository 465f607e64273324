import { csrf } from "/shell/shell.js";
import { events } from "./sse.js";

/** An answer other than 200, with the server's body where it was JSON. */
export class Refused extends Error {
  constructor(status, body) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** The server reported a failure after the stream had begun. */
export class Failed extends Error {}

/**
 * Sends a request and yields the texts of the streamed answer.
 * Returns what was measured; a figure that nobody measured is null.
 */
export async function* stream(request, signal) {
  const sentAt = performance.now();
  const response = await fetch("/console/playground/completions", {
    method: "POST",
    headers: { "X-CSRF-TOKEN": csrf(), "Content-Type": "application/json" },
    body: JSON.stringify(request),
    cache: "no-store",
    signal,
  });
  if (!response.ok) {
    throw new Refused(response.status, await response.json().catch(() => null));
  }
  let firstAt = null;
  let finishReason = null;
  let usage = null;
  for await (const chunk of events(response.body)) {
    if (chunk.object === "error") {
      throw new Failed(chunk.message);
    }
    const choice = chunk.choices[0];
    if (choice.delta.content) {
      firstAt ??= performance.now();
      yield choice.delta.content;
    }
    finishReason = choice.finish_reason ?? finishReason;
    usage = chunk.usage ?? usage;
  }
  const contextFull =
    finishReason === "length" && (usage?.completion_tokens ?? 0) < request.max_tokens;
  return {
    ...measure(sentAt, firstAt, performance.now(), usage),
    // a stream says "length" for both bounds; fewer tokens than asked for were cut by the context
    finishReason: contextFull ? "model_length" : finishReason,
  };
}

function measure(sentAt, firstAt, endedAt, usage) {
  const completionTokens = usage?.completion_tokens ?? null;
  const seconds = firstAt === null ? 0 : (endedAt - firstAt) / 1000;
  // the first token's wait is told apart, so the rate counts the tokens after it
  const rate = completionTokens > 1 && seconds > 0 ? (completionTokens - 1) / seconds : null;
  return {
    promptTokens: usage?.prompt_tokens ?? null,
    completionTokens,
    firstTokenMillis: firstAt === null ? null : firstAt - sentAt,
    tokensPerSecond: rate,
  };
}
