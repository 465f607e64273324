package io.galerne.chat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A conversation as the page gets it. */
record ConversationView(
    UUID id,
    String title,
    String model,
    @Nullable Double temperature,
    @Nullable Long seed,
    String system,
    String format,
    String tools,
    @Nullable Integer answerTokens,
    @Nullable UUID head,
    @Nullable String share,
    Instant createdAt,
    List<MessageView> messages) {
  /** One line of the history. */
  record Entry(UUID id, String title, Instant updatedAt, boolean shared, String snippet) {
    static Entry of(Conversation conversation, String snippet) {
      return new Entry(
          conversation.id(),
          conversation.words().title(),
          conversation.updatedAt(),
          conversation.share() != null,
          snippet);
    }
  }

  static ConversationView of(Conversation conversation, List<MessageView> messages) {
    ConversationWords words = conversation.words();
    Conversation.Share share = conversation.share();
    return new ConversationView(
        conversation.id(),
        words.title(),
        conversation.model(),
        conversation.temperature(),
        conversation.seed(),
        words.system(),
        words.format(),
        words.tools(),
        words.answerTokens(),
        conversation.headId(),
        share == null ? null : sharePath(share),
        conversation.createdAt(),
        messages);
  }

  static String sharePath(Conversation.Share share) {
    return "/chat/shared/" + share.id();
  }
}
