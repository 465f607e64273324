import { Failed, Refused } from "./chat.js";
import { TruncatedStream } from "./sse.js";

/** One sentence for a person about what went wrong. */
export function explain(error, texts) {
  if (error instanceof Refused) {
    return refusal(error, texts);
  }
  if (error instanceof Failed) {
    return error.message;
  }
  if (error instanceof TruncatedStream || error instanceof SyntaxError) {
    return texts.errorBroken;
  }
  return error instanceof TypeError ? texts.errorUnreachable : String(error.message);
}

function refusal({ status, body }, texts) {
  if (status === 401) {
    return texts.errorUnauthorized;
  }
  if (status === 429 || status === 503) {
    return texts.errorBusy;
  }
  if (Array.isArray(body?.detail)) {
    return body.detail.map(({ loc, msg }) => `${loc.slice(1).join(".")}: ${msg}`).join("; ");
  }
  return typeof body?.message === "string"
    ? body.message
    : texts.errorServer.replace("{0}", String(status));
}
