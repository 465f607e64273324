package io.galerne.audit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was said.
 *
 * @param request all parameters as JSON; null where nothing was to be generated
 * @param prompt the prompt's tokens as the model read them
 * @param answers what the client was sent
 * @param generated what the model wrote, where a policy let not all of it out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnswerContent(
    @JsonProperty("request") @Nullable String request,
    @JsonProperty("prompt") List<Integer> prompt,
    @JsonProperty("answers") List<Said> answers,
    @JsonProperty("generated") @Nullable List<Said> generated) {
  public AnswerContent {
    prompt = List.copyOf(prompt);
    answers = List.copyOf(answers);
    generated = generated == null ? null : List.copyOf(generated);
  }

  /** A call of a tool. */
  public record Call(
      @JsonProperty("name") String name, @JsonProperty("arguments") String arguments) {}

  /**
   * One answer: its text, and the calls behind it.
   *
   * @param whole whether it came to its end: not where the client went away, a policy cut it or its
   *     budget was used up
   */
  public record Said(
      @JsonProperty("text") String text,
      @JsonProperty("tool_calls") List<Call> toolCalls,
      @JsonProperty("whole") boolean whole) {
    public Said {
      toolCalls = List.copyOf(toolCalls);
    }

    /** The text, and for each call a line feed, its name and its arguments. */
    public String asText() {
      StringBuilder all = new StringBuilder(text);
      toolCalls.forEach(call -> all.append('\n').append(call.name()).append(call.arguments()));
      return all.toString();
    }
  }

  /** The prompt's tokens with commas between them. */
  @JsonIgnore
  public String promptText() {
    return prompt.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  @Override
  public String toString() {
    return "AnswerContent[not shown]";
  }
}
