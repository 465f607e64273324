package io.galerne.serving;

import io.galerne.engine.FinishReason;

/** How a completion ended. Its line in the ledger is written already. */
public sealed interface Ending {
  /** The whole answer was delivered. */
  record Finished(FinishReason reason, int promptTokens, int completionTokens) implements Ending {}

  /** The client went away. */
  record Disconnected() implements Ending {}

  record Failed(Failure failure) implements Ending {}

  /** Why an answer could not be completed. */
  enum Failure {
    ENGINE,
    TIMEOUT,
    LEDGER
  }
}
