package io.galerne.serving;

import io.galerne.engine.TokenLogprobs;
import java.util.List;

/**
 * Collected answers as far as they got, and how they ended.
 *
 * @param choices as many as were asked for
 */
public record Answer(List<Text> choices, Ending ending) {
  public Answer {
    choices = List.copyOf(choices);
  }

  /**
   * One answer.
   *
   * @param logprobs of its tokens, empty where nobody asked for them
   */
  public record Text(String text, List<TokenLogprobs> logprobs) {
    public Text {
      logprobs = List.copyOf(logprobs);
    }
  }

  /** The only answer, without probabilities. */
  public Answer(String text, Ending ending) {
    this(List.of(new Text(text, List.of())), ending);
  }

  /** The text of the first answer. */
  public String text() {
    return choices.getFirst().text();
  }
}
