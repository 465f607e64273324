package io.galerne.chat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation to take away: as Markdown the branch that is shown, as JSON all of them.
 *
 * @param head the last message of the branch that is shown
 */
record ConversationExport(
    String title,
    String model,
    @Nullable Double temperature,
    String system,
    Instant createdAt,
    @Nullable UUID head,
    List<Said> messages) {

  /** One message. */
  record Said(
      UUID id,
      @Nullable UUID parent,
      String role,
      String text,
      List<Call> toolCalls,
      String state,
      @Nullable String model,
      @Nullable Double temperature,
      @Nullable Long seed,
      Instant createdAt,
      @Nullable Integer promptTokens,
      @Nullable Integer completionTokens) {}

  /** A call of a tool. */
  record Call(String id, String name, String arguments) {}

  static ConversationExport of(Conversations.Opened opened) {
    Conversation conversation = opened.conversation();
    return new ConversationExport(
        conversation.words().title(),
        conversation.model(),
        conversation.temperature(),
        conversation.words().system(),
        conversation.createdAt(),
        conversation.headId(),
        opened.messages().stream().map(ConversationExport::said).toList());
  }

  private static Said said(Message message) {
    Message.Usage usage = message.usage();
    return new Said(
        message.id(),
        message.parentId(),
        message.role(),
        message.words().text(),
        message.words().toolCalls().stream()
            .map(call -> new Call(call.id(), call.name(), call.arguments()))
            .toList(),
        message.state().name(),
        message.model(),
        message.temperature(),
        message.seed(),
        message.createdAt(),
        usage == null ? null : usage.promptTokens(),
        usage == null ? null : usage.completionTokens());
  }

  /** The branch that is shown. */
  static String markdown(Conversations.Opened opened) {
    Conversation conversation = opened.conversation();
    List<String> parts = new ArrayList<>();
    parts.add("# " + conversation.words().title().replace('\n', ' '));
    if (!conversation.words().system().isBlank()) {
      parts.add("## system\n\n" + conversation.words().system());
    }
    for (Message message : Branch.to(conversation.headId(), opened.messages()).messages()) {
      String model = message.model() == null ? "" : " (" + message.model() + ")";
      parts.add("## " + message.role() + model);
      if (!message.words().text().isEmpty()) {
        parts.add(message.words().text());
      }
      message
          .words()
          .toolCalls()
          .forEach(
              call -> parts.add("```json\n" + call.name() + "(" + call.arguments() + ")\n```"));
    }
    return String.join("\n\n", parts) + "\n";
  }
}
