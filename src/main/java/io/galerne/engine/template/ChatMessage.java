package io.galerne.engine.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content empty where an assistant only calls tools
 * @param toolCalls what an assistant called, in order
 * @param toolCallId the call that a tool's result answers
 * @param name of the tool that gave a result
 * @param prefix whether the answer goes on with this last message of the assistant
 */
public record ChatMessage(
    String role,
    String content,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    @Nullable String name,
    boolean prefix) {
  static final String SYSTEM = "system";
  static final String USER = "user";
  static final String ASSISTANT = "assistant";
  static final String TOOL = "tool";

  public ChatMessage {
    toolCalls = List.copyOf(toolCalls);
  }

  public ChatMessage(String role, String content) {
    this(role, content, List.of(), null, null, false);
  }

  /** What an assistant said and called. */
  public static ChatMessage calling(String content, List<ToolCall> toolCalls) {
    return new ChatMessage(ASSISTANT, content, toolCalls, null, null, false);
  }

  /** The result of a call. */
  public static ChatMessage result(
      String content, @Nullable String toolCallId, @Nullable String name) {
    return new ChatMessage(TOOL, content, List.of(), toolCallId, name, false);
  }

  /** The beginning of the answer. */
  public static ChatMessage prefix(String content) {
    return new ChatMessage(ASSISTANT, content, List.of(), null, null, true);
  }

  boolean is(String aRole) {
    return role.equals(aRole);
  }
}
