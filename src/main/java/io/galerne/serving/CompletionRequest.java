package io.galerne.serving;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A completion that a client asked for; its values are within the bounds of the wire contract.
 *
 * @param messages the conversation; where a text is to be filled in, what the request says as the
 *     message of a user, for those who look at what is asked
 * @param gap what is to be filled in, null for an answer to the messages
 * @param tools that the model is told of
 * @param format what the answer has to look like
 * @param temperature null for the model's default
 * @param maxTokens null for as many as fit; 0 answers with nothing but the count of the prompt
 * @param seed null for one drawn at random
 * @param choices how many answers, at least 1
 * @param topLogprobs as in {@link SamplingParams}
 */
public record CompletionRequest(
    String model,
    List<ChatMessage> messages,
    @Nullable Gap gap,
    List<ToolDefinition> tools,
    OutputFormat format,
    @Nullable Double temperature,
    double topP,
    @Nullable Integer maxTokens,
    @Nullable Long seed,
    List<String> stop,
    int choices,
    Adjustments adjustments,
    int topLogprobs) {
  public CompletionRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    stop = List.copyOf(stop);
  }

  /** What stands before and behind a text that is missing. */
  public record Gap(String before, String behind) {}

  /** A request for one answer of the model's own choice. */
  public CompletionRequest(
      String model,
      List<ChatMessage> messages,
      List<ToolDefinition> tools,
      OutputFormat format,
      @Nullable Double temperature,
      double topP,
      @Nullable Integer maxTokens,
      @Nullable Long seed,
      List<String> stop) {
    this(
        model,
        messages,
        null,
        tools,
        format,
        temperature,
        topP,
        maxTokens,
        seed,
        stop,
        1,
        Adjustments.NONE,
        SamplingParams.NO_LOGPROBS);
  }

  /** The text that the answer goes on with, or empty. */
  public String prefix() {
    ChatMessage last = messages.getLast();
    return last.prefix() ? last.content() : "";
  }

  /** The same with other messages; the gap, which is none of them, stays. */
  public CompletionRequest withMessages(List<ChatMessage> others) {
    return new CompletionRequest(
        model,
        others,
        gap,
        tools,
        format,
        temperature,
        topP,
        maxTokens,
        seed,
        stop,
        choices,
        adjustments,
        topLogprobs);
  }

  /** The same with another bound on its length. */
  public CompletionRequest withMaxTokens(int tokens) {
    return new CompletionRequest(
        model,
        messages,
        gap,
        tools,
        format,
        temperature,
        topP,
        tokens,
        seed,
        stop,
        choices,
        adjustments,
        topLogprobs);
  }
}
