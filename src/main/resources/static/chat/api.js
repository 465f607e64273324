import { csrf } from "/shell/shell.js";
import { text } from "./texts.js";

/** Something that the server does not do; its message is fit for the reader. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.message);
    this.status = status;
    this.code = problem.code;
    this.field = problem.field;
  }
}

async function send(method, path, body, signal) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") {
    headers["X-CSRF-TOKEN"] = csrf();
  }
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (failure) {
    if (signal?.aborted) {
      throw failure;
    }
    throw new Refused(0, { code: "unreachable", message: text("unreachable") });
  }
  if (!response.ok) {
    throw new Refused(response.status, await problem(response));
  }
  return response;
}

async function problem(response) {
  if (response.status === 401 || response.status === 403) {
    const known = await response.json().catch(() => null);
    return known?.code ? known : { code: "signed-out", message: text("signed-out") };
  }
  const known = await response.json().catch(() => null);
  return known?.message ? known : { code: "failed", message: text("failed", response.status) };
}

async function json(method, path, body) {
  const response = await send(method, path, body);
  return response.status === 204 ? null : response.json();
}

export const get = (path) => json("GET", path);
export const post = (path, body) => json("POST", path, body);
export const patch = (path, body) => json("PATCH", path, body);
export const remove = (path) => json("DELETE", path);

/** The events of an answer, as [name, data]. */
export async function* ask(body, signal) {
  const response = await send("POST", "/chat/api/answers", body, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    rest += value;
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parse(block);
      if (event) {
        yield event;
      }
    }
  }
}

function parse(block) {
  let name = "message";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) {
      name = line.slice(7);
    } else if (line.startsWith("data: ")) {
      data += line.slice(6);
    }
  }
  return data === "" ? null : [name, JSON.parse(data)];
}
