package io.galerne.serving;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests for tests: with a seed, and otherwise no wishes but those given. */
final class ChatRequests {
  private ChatRequests() {}

  static CompletionRequest of(
      String model, List<ChatMessage> messages, @Nullable Integer maxTokens) {
    return of(model, messages, List.of(), new OutputFormat.FreeText(), maxTokens);
  }

  static CompletionRequest of(
      String model,
      List<ChatMessage> messages,
      List<ToolDefinition> tools,
      OutputFormat format,
      @Nullable Integer maxTokens) {
    return new CompletionRequest(model, messages, tools, format, null, 1, maxTokens, 7L, List.of());
  }
}
