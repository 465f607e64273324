package io.galerne.engine;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its answer, the answer's format did, or a stop text was met. */
  STOP,
  /** The answer is at its end, and it has at least one call of a tool. */
  TOOL_CALLS,
  /** The request's own bound on tokens was reached. */
  LENGTH,
  /** The context window was full. */
  CONTEXT_FULL,
  /** What the request's owner may still use was used up; the answer is whole tokens until then. */
  ALLOWANCE,
  /** The request's deadline passed, be it while it waited or while it was answered. */
  DEADLINE,
  /** The caller went away. */
  CANCELLED,
  /** The engine failed. */
  ERROR
}
