package io.galerne.api;

import io.galerne.api.RequestMessage.Role;
import java.util.List;

/**
 * Which conversations the contract takes. Deliberately lenient where its own history is not: a user
 * may follow a tool, and roles may repeat.
 */
final class MessageOrder {
  private static final String TYPE = "invalid_request_message_order";
  private static final String CODE = "3230";

  private MessageOrder() {}

  /**
   * @throws ApiException 400 in the words of the original
   */
  static void check(List<RequestMessage> messages) {
    for (int i = 0; i < messages.size(); i++) {
      RequestMessage message = messages.get(i);
      if (i == 0) {
        checkFirst(message.role());
      } else {
        checkPair(messages.get(i - 1).role(), message.role());
      }
      if (message.role() == Role.ASSISTANT) {
        checkAssistant(message, i == messages.size() - 1);
      }
    }
    RequestMessage last = messages.getLast();
    if (last.role() != Role.USER && last.role() != Role.TOOL && !last.prefix()) {
      throw refuse(
          "Expected last role User or Tool (or Assistant with prefix True) for serving but got "
              + last.role().wireName());
    }
  }

  private static void checkFirst(Role role) {
    if (role != Role.SYSTEM && role != Role.USER) {
      throw refuse("Expected first role System or User but got " + role.wireName());
    }
  }

  private static void checkPair(Role before, Role role) {
    boolean forbidden =
        switch (role) {
          case TOOL -> before == Role.USER || before == Role.SYSTEM;
          case SYSTEM -> before == Role.TOOL || before == Role.ASSISTANT;
          case USER, ASSISTANT -> false;
        };
    if (forbidden) {
      throw refuse(
          "Unexpected role '%s' after role '%s'".formatted(role.wireName(), before.wireName()));
    }
  }

  private static void checkAssistant(RequestMessage message, boolean isLast) {
    if (message.prefix() && !isLast) {
      throw refuse("Assistant message with prefix True must be last message");
    }
    if (message.content().isEmpty() && message.toolCalls().isEmpty()) {
      throw ApiException.badRequest(
          new ErrorEnvelope(
              "Assistant message must have either content or tool_calls, but not none.",
              ErrorEnvelope.INVALID_REQUEST));
    }
  }

  static ApiException refuse(String message) {
    return ApiException.badRequest(new ErrorEnvelope(message, TYPE, null, CODE));
  }
}
