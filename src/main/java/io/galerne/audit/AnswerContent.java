package io.galerne.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What was said.
 *
 * @param prompt the prompt's tokens as the model read them
 * @param answer the answer's text
 */
public record AnswerContent(
    @JsonProperty("prompt") List<Integer> prompt,
    @JsonProperty("prompt_text") String promptText,
    @JsonProperty("answer") String answer) {
  public AnswerContent {
    prompt = List.copyOf(prompt);
  }

  @Override
  public String toString() {
    return "AnswerContent[not shown]";
  }
}
