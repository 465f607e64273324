package io.galerne.api;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.template.ChatMessage;
import io.galerne.serving.CompletionRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion request whose fields have the right types and are within their bounds.
 *
 * @param format of an answer that calls no tool
 */
record ChatRequest(
    String model,
    List<RequestMessage> messages,
    @Nullable Double temperature,
    double topP,
    @Nullable Integer maxTokens,
    @Nullable Long seed,
    List<String> stop,
    boolean stream,
    boolean safePrompt,
    RequestedTools tools,
    OutputFormat format,
    SamplingFields sampling) {
  private static final String SYSTEM = "system";

  /** The contract's own words. */
  private static final String SAFETY_PROMPT =
      "Always assist with care, respect, and truth. Respond with utmost utility yet securely. "
          + "Avoid harmful, unethical, prejudiced, or negative content. "
          + "Ensure replies promote fairness and positivity.";

  /** The contract's own words, with the schema after them. */
  private static final String SCHEMA_PROMPT =
      "Your output should be an instance of a JSON object following this schema: ";

  /** The text that the answer goes on with, or empty. */
  String prefix() {
    RequestMessage last = messages.getLast();
    return last.prefix() ? last.content() : "";
  }

  /**
   * What serving is asked for.
   *
   * @throws ApiException 400 if the messages are in no order, or parts of the request don't go
   *     together
   */
  CompletionRequest toCompletion() {
    MessageOrder.check(messages);
    OutputFormat whole = AnswerFormat.of(format, tools, messages, stop);
    return new CompletionRequest(
        model,
        conversation(whole),
        null,
        tools.tools(),
        whole,
        temperature,
        topP,
        maxTokens,
        seed,
        stop,
        sampling.choices(),
        sampling.adjustments(),
        sampling.topLogprobs());
  }

  private List<ChatMessage> conversation(OutputFormat whole) {
    List<ChatMessage> conversation =
        new ArrayList<>(
            ToolResults.paired(messages).stream().map(RequestMessage::toChatMessage).toList());
    List<String> system = new ArrayList<>();
    if (safePrompt) {
      system.add(SAFETY_PROMPT);
    }
    OutputFormat text = whole instanceof OutputFormat.ToolCalls calls ? calls.otherwise() : whole;
    if (text instanceof OutputFormat.JsonSchema(String schema)) {
      system.add(SCHEMA_PROMPT + schema);
    }
    if (system.isEmpty()) {
      return conversation;
    }
    if (conversation.getFirst().role().equals(SYSTEM)) {
      system.add(conversation.removeFirst().content());
    }
    conversation.addFirst(new ChatMessage(SYSTEM, String.join("\n\n", system)));
    return conversation;
  }
}
