const LINE_CHARS_MAX = 1 << 20;

/**
 * The data of each server-sent event in a response's body, until the server's `[DONE]`.
 * Throws when the body ends without it: the answer is not whole then.
 */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        throw new TruncatedStream();
      }
      pending += value;
      const lines = pending.split(/\r\n|\n/);
      pending = lines.pop();
      if (pending.length > LINE_CHARS_MAX) {
        throw new TruncatedStream();
      }
      for (const line of lines) {
        if (!line.startsWith("data:")) {
          continue;
        }
        const data = line.slice("data:".length).trim();
        if (data === "[DONE]") {
          return;
        }
        yield JSON.parse(data);
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

export class TruncatedStream extends Error {}
