package io.galerne.api;

import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.ToolCall;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message of a request.
 *
 * @param content empty where an assistant only calls tools
 * @param prefix whether the answer goes on with this message
 * @param toolCalls what an assistant called; an id is empty where the client gave none
 * @param toolCallId the call that a tool's message answers
 * @param name of the tool that answers
 */
record RequestMessage(
    Role role,
    String content,
    boolean prefix,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    @Nullable String name) {
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

  RequestMessage {
    toolCalls = List.copyOf(toolCalls);
  }

  RequestMessage withCalls(List<ToolCall> calls) {
    return new RequestMessage(role, content, prefix, calls, toolCallId, name);
  }

  RequestMessage answering(ToolCall call) {
    return new RequestMessage(
        role, content, prefix, toolCalls, call.id(), name == null ? call.name() : name);
  }

  ChatMessage toChatMessage() {
    return new ChatMessage(role.wireName(), content, toolCalls, toolCallId, name, prefix);
  }
}
