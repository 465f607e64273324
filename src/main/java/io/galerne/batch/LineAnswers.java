package io.galerne.batch;

import java.util.Set;

/** Computes lines: whoever serves the endpoints offers this to batches. */
public interface LineAnswers {
  /** Paths of the endpoints whose requests can be lines. */
  Set<String> endpoints();

  /**
   * Answers one line, whatever comes of it; blocks until then. An interrupt ends it soon. Nothing
   * is written in the ledger.
   */
  LineAnswer answer(LineRequest request);
}
