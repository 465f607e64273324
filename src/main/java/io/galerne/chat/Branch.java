package io.galerne.chat;

import io.galerne.engine.template.ChatMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One line of messages through a conversation's tree, from the first one to a leaf. */
record Branch(List<Message> messages) {
  Branch {
    messages = List.copyOf(messages);
  }

  /**
   * The branch that ends with a message.
   *
   * @param head null for the empty branch
   * @throws ChatRefusedException if the tree has no such message
   */
  static Branch to(@Nullable UUID head, List<Message> tree) {
    Map<UUID, Message> byId = new HashMap<>();
    tree.forEach(message -> byId.put(message.id(), message));
    Deque<Message> line = new ArrayDeque<>();
    UUID next = head;
    while (next != null) {
      Message message = byId.remove(next);
      if (message == null) {
        throw ChatRefusedException.unknown();
      }
      line.addFirst(message);
      next = message.parentId();
    }
    return new Branch(List.copyOf(line));
  }

  Branch and(Message message) {
    List<Message> more = new ArrayList<>(messages);
    more.add(message);
    return new Branch(more);
  }

  /**
   * What the model is told: not what a policy kept from it, and no question without its answer but
   * the last.
   *
   * @param system the system prompt, empty for none
   * @param leftOut how many messages to leave out from the beginning
   */
  List<ChatMessage> told(String system, int leftOut) {
    List<ChatMessage> told = new ArrayList<>();
    if (!system.isBlank()) {
      told.add(new ChatMessage("system", system));
    }
    for (int i = leftOut; i < messages.size(); i++) {
      Message message = messages.get(i);
      boolean isLast = i == messages.size() - 1;
      if (message.role().equals(Message.USER) && !isLast && !isTold(messages.get(i + 1))) {
        i++;
        continue;
      }
      if (!message.isAnswer() || isTold(message)) {
        told.add(told(message));
      }
    }
    return told;
  }

  private static boolean isTold(Message message) {
    return message.state().isTold()
        && !(message.words().text().isBlank() && message.words().toolCalls().isEmpty());
  }

  private static ChatMessage told(Message message) {
    MessageWords words = message.words();
    return switch (message.role()) {
      case Message.ASSISTANT -> ChatMessage.calling(words.text(), words.toolCalls());
      case Message.TOOL -> ChatMessage.result(words.text(), words.toolCallId(), words.toolName());
      default -> new ChatMessage(Message.USER, words.text());
    };
  }

  /** After how many messages a question comes; there the beginning may be cut off. */
  List<Integer> questions() {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).role().equals(Message.USER)) {
        places.add(i);
      }
    }
    return places;
  }
}
