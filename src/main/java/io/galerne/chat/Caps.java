package io.galerne.chat;

import org.jspecify.annotations.Nullable;

/**
 * The most that a member may use in the chat; null caps nothing. Days and months are UTC's.
 *
 * @param spendMicrosPerMonth in millionths of the installation's currency
 */
record Caps(
    @Nullable Long messagesPerDay,
    @Nullable Long tokensPerDay,
    @Nullable Long tokensPerMonth,
    @Nullable Long spendMicrosPerMonth) {
  static final Caps NONE = new Caps(null, null, null, null);
}
