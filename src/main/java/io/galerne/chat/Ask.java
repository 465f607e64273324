package io.galerne.chat;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a member wants answered: a new question, a tool's result, or an old question once more.
 *
 * @param conversationId null for a new conversation
 * @param parentId the message after which the question comes, null where it is the first
 * @param text the question; null to answer an old one again
 * @param again the answer to give again; null for a new question
 * @param exactly whether the answer is to be the same, by the same seed and settings
 * @param toolCallId the call whose result the text is; null for a question
 */
record Ask(
    @Nullable UUID conversationId,
    @Nullable UUID parentId,
    @Nullable String text,
    @Nullable UUID again,
    boolean exactly,
    @Nullable String toolCallId,
    Options options) {
  /**
   * @param temperature null for the model's own
   * @param seed null for another one with each answer
   * @param system the system prompt, empty for none
   * @param answerTokens the longest answer, null for as long as may be
   */
  record Options(
      String model,
      @Nullable Double temperature,
      @Nullable Long seed,
      String system,
      String format,
      String tools,
      @Nullable Integer answerTokens) {}
}
