package io.galerne.api;

import io.galerne.engine.template.ChatMessage;
import java.util.Locale;

/** One message of a request. */
record RequestMessage(Role role, String content, boolean prefix) {
  enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL;

    /** As the wire spells it. */
    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  ChatMessage toChatMessage() {
    return new ChatMessage(role.wireName(), content);
  }
}
