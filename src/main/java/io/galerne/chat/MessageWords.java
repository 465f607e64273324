package io.galerne.chat;

import io.galerne.engine.template.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said.
 *
 * @param toolCalls what an answer called
 * @param toolCallId the call that a tool's result answers
 * @param toolName of the tool that gave a result
 * @param explanation why an answer was cut or never came, in words for its reader; empty if neither
 * @param leftOut how many of the first messages did not fit into the model's context
 * @param drawnWith how an answer was asked for, so that it can be given again
 */
record MessageWords(
    String text,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    @Nullable String toolName,
    List<String> explanation,
    int leftOut,
    Ask.@Nullable Options drawnWith) {
  MessageWords {
    toolCalls = List.copyOf(toolCalls);
    explanation = List.copyOf(explanation);
  }

  static MessageWords text(String text) {
    return new MessageWords(text, List.of(), null, null, List.of(), 0, null);
  }

  static MessageWords result(String text, String toolCallId, String toolName) {
    return new MessageWords(text, List.of(), toolCallId, toolName, List.of(), 0, null);
  }

  MessageWords withText(String other, List<ToolCall> calls) {
    return new MessageWords(other, calls, toolCallId, toolName, explanation, leftOut, drawnWith);
  }

  MessageWords explained(List<String> why) {
    return new MessageWords(text, toolCalls, toolCallId, toolName, why, leftOut, drawnWith);
  }

  static MessageWords toCome(int leftOut, Ask.Options drawnWith) {
    return new MessageWords("", List.of(), null, null, List.of(), leftOut, drawnWith);
  }
}
