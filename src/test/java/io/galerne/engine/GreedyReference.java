package io.galerne.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What llama.cpp answers with the bundled weights in 32-bit arithmetic: the truth to compare with.
 */
public final class GreedyReference {
  public static final Path WEIGHTS = Path.of("models/smollm2-135m-instruct-q4_1.gguf");

  private GreedyReference() {}

  /**
   * One prompt.
   *
   * @param margins for each step, the likeliest logit less the second likeliest
   * @param firstStep statistics of the logits after the prompt
   */
  public record Prompt(
      String text, int[] ids, int[] greedyIds, float[] margins, JsonNode firstStep) {
    /** Steps before the first near tie: so far every exact engine must agree. */
    public int decidedSteps(float margin) {
      int steps = 0;
      while (steps < margins.length && steps < greedyIds.length && margins[steps] >= margin) {
        steps++;
      }
      return steps;
    }
  }

  public static List<Prompt> prompts() {
    try (InputStream in =
        GreedyReference.class.getResourceAsStream("/engine/smollm2-greedy.json")) {
      JsonNode root = JsonMapper.builder().build().readTree(in);
      List<Prompt> prompts = new ArrayList<>();
      for (JsonNode prompt : root.get("prompts")) {
        JsonNode f32 = prompt.get("f32");
        JsonNode margins = f32.get("top1_minus_top2_logit");
        float[] numbers = new float[margins.size()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = margins.get(i).floatValue();
        }
        prompts.add(
            new Prompt(
                prompt.get("prompt_text").stringValue(),
                integers(prompt.get("prompt_ids")),
                integers(f32.get("greedy_ids")),
                numbers,
                f32.get("first_step")));
      }
      return prompts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int[] integers(JsonNode array) {
    int[] integers = new int[array.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = array.get(i).intValue();
    }
    return integers;
  }
}
