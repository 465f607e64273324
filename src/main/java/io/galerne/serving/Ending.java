package io.galerne.serving;

import io.galerne.engine.FinishReason;
import io.galerne.engine.template.ToolCall;
import java.util.List;

/** How a completion ended. Its line in the ledger is written already. */
public sealed interface Ending {
  /**
   * All text of the answer was delivered.
   *
   * @param cachedPromptTokens tokens of the prompt that the cache had
   * @param toolCalls the calls of the answer, which come with its end: a part of them is of no use
   */
  record Finished(
      FinishReason reason,
      int promptTokens,
      int cachedPromptTokens,
      int completionTokens,
      List<ToolCall> toolCalls)
      implements Ending {
    public Finished {
      toolCalls = List.copyOf(toolCalls);
    }
  }

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
