package io.galerne.chat;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question, an answer or a tool's result.
 *
 * @param model what answered, null for others than answers; so are its temperature and its seed
 * @param usage of an answer whose line is in the ledger
 */
record Message(
    UUID id,
    UUID conversationId,
    @Nullable UUID parentId,
    String role,
    MessageWords words,
    MessageState state,
    @Nullable String model,
    @Nullable Double temperature,
    @Nullable Long seed,
    @Nullable UUID requestId,
    Instant createdAt,
    Instant touchedAt,
    @Nullable Usage usage) {
  static final String USER = "user";
  static final String ASSISTANT = "assistant";
  static final String TOOL = "tool";

  /** What the ledger has. */
  record Usage(int promptTokens, int cachedPromptTokens, int completionTokens, long costPicos) {}

  boolean isAnswer() {
    return role.equals(ASSISTANT);
  }
}
