package io.galerne.api;

import io.galerne.engine.template.ChatMessage;
import io.galerne.serving.CompletionRequest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A chat completion request whose fields have the right types and are within their bounds. */
record ChatRequest(
    String model,
    List<RequestMessage> messages,
    @Nullable Double temperature,
    double topP,
    @Nullable Integer maxTokens,
    @Nullable Long seed,
    List<String> stop,
    boolean stream,
    boolean safePrompt) {
  private static final String SYSTEM = "system";

  /** The contract's own words. */
  private static final String SAFETY_PROMPT =
      "Always assist with care, respect, and truth. Respond with utmost utility yet securely. "
          + "Avoid harmful, unethical, prejudiced, or negative content. "
          + "Ensure replies promote fairness and positivity.";

  CompletionRequest toCompletion() {
    return new CompletionRequest(model, conversation(), temperature, topP, maxTokens, seed, stop);
  }

  private List<ChatMessage> conversation() {
    List<ChatMessage> conversation = messages.stream().map(RequestMessage::toChatMessage).toList();
    if (!safePrompt) {
      return conversation;
    }
    ChatMessage first = conversation.getFirst();
    boolean hasSystem = first.role().equals(SYSTEM);
    String system = hasSystem ? SAFETY_PROMPT + "\n\n" + first.content() : SAFETY_PROMPT;
    return Stream.concat(
            Stream.of(new ChatMessage(SYSTEM, system)),
            conversation.stream().skip(hasSystem ? 1 : 0))
        .toList();
  }
}
