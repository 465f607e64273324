package io.galerne.engine;

/**
 * How much more an answer may have. The engine's thread asks before each token that becomes part of
 * the answer, so {@link #take} must not wait.
 */
@FunctionalInterface
public interface TokenAllowance {
  /** As much as the request itself allows. */
  TokenAllowance UNLIMITED = () -> Verdict.GRANTED;

  /** What becomes of the token at hand. */
  enum Verdict {
    /** It is part of the answer and counted. */
    GRANTED,
    /** It isn't known yet: the answer rests, others go on, and the engine asks again. */
    NOT_YET,
    /** The answer ends before it, with {@link FinishReason#ALLOWANCE}. */
    DENIED
  }

  /** Asks for one token, and takes it if it is granted. */
  Verdict take();
}
