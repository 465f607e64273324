package io.galerne.chat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as the page gets it.
 *
 * @param note why it is as it is, for its reader; empty where there is nothing to say
 * @param cost in the installation's currency, null until the ledger has it
 */
record MessageView(
    UUID id,
    @Nullable UUID parent,
    String role,
    String text,
    List<Call> toolCalls,
    @Nullable String toolName,
    MessageState state,
    String note,
    int leftOut,
    @Nullable String model,
    @Nullable Double temperature,
    @Nullable Long seed,
    Instant createdAt,
    @Nullable Integer promptTokens,
    @Nullable Integer completionTokens,
    @Nullable BigDecimal cost) {
  private static final int PICOS_DIGITS = 12;

  /** A call of a tool. */
  record Call(String id, String name, String arguments) {}

  /**
   * @param alive an answer in progress that was not saved since then has nobody who generates it
   */
  static MessageView of(Message message, Instant alive, ChatWords words, Locale locale) {
    Message.Usage usage = message.usage();
    boolean abandoned =
        message.state() == MessageState.STREAMING && message.touchedAt().isBefore(alive);
    return new MessageView(
        message.id(),
        message.parentId(),
        message.role(),
        message.words().text(),
        message.words().toolCalls().stream()
            .map(call -> new Call(call.id(), call.name(), call.arguments()))
            .toList(),
        message.words().toolName(),
        abandoned ? MessageState.FAILED : message.state(),
        abandoned
            ? words.text(locale, "chat.explain.interrupted")
            : words.explained(locale, message.words().explanation()),
        message.words().leftOut(),
        message.model(),
        message.temperature(),
        message.seed(),
        message.createdAt(),
        usage == null ? null : usage.promptTokens(),
        usage == null ? null : usage.completionTokens(),
        usage == null ? null : BigDecimal.valueOf(usage.costPicos(), PICOS_DIGITS));
  }
}
