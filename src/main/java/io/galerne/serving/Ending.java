package io.galerne.serving;

import io.galerne.engine.FinishReason;
import io.galerne.engine.template.ToolCall;
import java.util.List;

/** How a completion ended. Its line in the ledger is written already. */
public sealed interface Ending {
  /**
   * All text of the answers was delivered.
   *
   * @param choices how each of the answers ended
   * @param cachedPromptTokens tokens of the prompt that the cache had
   * @param completionTokens of all answers together
   */
  record Finished(
      List<Choice> choices, int promptTokens, int cachedPromptTokens, int completionTokens)
      implements Ending {
    public Finished {
      choices = List.copyOf(choices);
    }

    /** The end of the only answer. */
    public Finished(
        FinishReason reason,
        int promptTokens,
        int cachedPromptTokens,
        int completionTokens,
        List<ToolCall> toolCalls) {
      this(
          List.of(new Choice(reason, toolCalls)),
          promptTokens,
          cachedPromptTokens,
          completionTokens);
    }

    /** Why the first answer ended. */
    public FinishReason reason() {
      return choices.getFirst().reason();
    }
  }

  /**
   * How one answer ended.
   *
   * @param toolCalls the calls of the answer, which come with its end: a part of them is of no use
   */
  record Choice(FinishReason reason, List<ToolCall> toolCalls) {
    public Choice {
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
