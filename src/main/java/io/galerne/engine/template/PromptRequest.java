package io.galerne.engine.template;

import java.util.List;

/** A conversation and the tools that its answer may call. */
public record PromptRequest(List<ChatMessage> messages, List<ToolDefinition> tools) {
  public PromptRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }

  public static PromptRequest of(List<ChatMessage> messages) {
    return new PromptRequest(messages, List.of());
  }

  /** Whether tools are offered, called or answered. */
  boolean concernsTools() {
    return !tools.isEmpty()
        || messages.stream()
            .anyMatch(message -> message.is(ChatMessage.TOOL) || !message.toolCalls().isEmpty());
  }
}
