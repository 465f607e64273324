package io.galerne.engine.template;

import java.util.ArrayList;
import java.util.List;

/**
 * A conversation as Mistral's formats want it: neighbours of one role in one message, the system
 * messages together before the others (up to v3), and a user's turn first.
 *
 * @param system the system prompt that a user's message will hold, or empty
 */
record MistralMessages(List<ChatMessage> messages, String system) {
  private static final String BETWEEN = "\n\n";

  /**
   * Lays out a conversation.
   *
   * @param keepsSystem whether system messages stay where they are
   */
  static MistralMessages of(List<ChatMessage> conversation, boolean keepsSystem) {
    List<ChatMessage> laidOut = new ArrayList<>();
    for (int start = 0, end; start < conversation.size(); start = end) {
      end = start + 1;
      while (end < conversation.size()
          && conversation.get(end).is(conversation.get(start).role())) {
        end++;
      }
      addTurn(conversation.subList(start, end), keepsSystem, laidOut);
    }
    if (laidOut.isEmpty() || (!keepsSystem && !laidOut.getFirst().is(ChatMessage.USER))) {
      laidOut.addFirst(new ChatMessage(ChatMessage.USER, ""));
    }
    String system =
        keepsSystem
            ? ""
            : joined(
                conversation.stream().filter(message -> message.is(ChatMessage.SYSTEM)).toList());
    return new MistralMessages(laidOut, system);
  }

  private static void addTurn(
      List<ChatMessage> turn, boolean keepsSystem, List<ChatMessage> laidOut) {
    switch (turn.getFirst().role()) {
      case ChatMessage.SYSTEM -> {
        if (keepsSystem) {
          laidOut.addAll(turn);
        }
      }
      case ChatMessage.TOOL -> laidOut.addAll(turn);
      case ChatMessage.USER -> laidOut.add(new ChatMessage(ChatMessage.USER, joined(turn)));
      case ChatMessage.ASSISTANT ->
          laidOut.add(
              new ChatMessage(
                  ChatMessage.ASSISTANT,
                  joined(turn),
                  turn.stream().flatMap(message -> message.toolCalls().stream()).toList(),
                  null,
                  null,
                  turn.stream().anyMatch(ChatMessage::prefix)));
      default ->
          throw new TemplateException("the role '" + turn.getFirst().role() + "' is unknown");
    }
  }

  private static String joined(List<ChatMessage> messages) {
    return String.join(
        BETWEEN,
        messages.stream().map(ChatMessage::content).filter(content -> !content.isEmpty()).toList());
  }

  /** The place of the first user's message, or -1. */
  int firstUser() {
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).is(ChatMessage.USER)) {
        return i;
      }
    }
    return -1;
  }

  /** The place of the last user's message, or -1. */
  int lastUser() {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).is(ChatMessage.USER)) {
        return i;
      }
    }
    return -1;
  }
}
