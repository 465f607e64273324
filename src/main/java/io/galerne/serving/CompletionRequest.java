package io.galerne.serving;

import io.galerne.engine.template.ChatMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion that a client asked for; its values are within the bounds of the wire contract.
 *
 * @param temperature null for the model's default
 * @param maxTokens null for as many as fit; 0 answers with nothing but the count of the prompt
 * @param seed null for one drawn at random
 */
public record CompletionRequest(
    String model,
    List<ChatMessage> messages,
    @Nullable Double temperature,
    double topP,
    @Nullable Integer maxTokens,
    @Nullable Long seed,
    List<String> stop) {
  public CompletionRequest {
    messages = List.copyOf(messages);
    stop = List.copyOf(stop);
  }
}
