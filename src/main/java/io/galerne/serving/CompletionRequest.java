package io.galerne.serving;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion that a client asked for; its values are within the bounds of the wire contract.
 *
 * @param tools that the model is told of
 * @param format what the answer has to look like
 * @param temperature null for the model's default
 * @param maxTokens null for as many as fit; 0 answers with nothing but the count of the prompt
 * @param seed null for one drawn at random
 */
public record CompletionRequest(
    String model,
    List<ChatMessage> messages,
    List<ToolDefinition> tools,
    OutputFormat format,
    @Nullable Double temperature,
    double topP,
    @Nullable Integer maxTokens,
    @Nullable Long seed,
    List<String> stop) {
  public CompletionRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    stop = List.copyOf(stop);
  }
}
