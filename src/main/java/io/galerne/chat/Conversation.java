package io.galerne.chat;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation without its messages.
 *
 * @param temperature null for the model's own
 * @param seed null for another one with each answer
 * @param headId the last message of the branch that is shown
 * @param share null while nobody else may read it
 */
record Conversation(
    UUID id,
    ConversationWords words,
    String model,
    @Nullable Double temperature,
    @Nullable Long seed,
    @Nullable UUID headId,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Share share) {
  /** What colleagues may read: the branch that ends with a message. */
  record Share(UUID id, UUID headId, Instant at) {}
}
