package io.galerne.serving;

import java.util.Map;

/**
 * A classifier that a request itself asks for; it judges the input.
 *
 * @param name under which its result is reported, like {@code moderation_llm_v2}
 * @param thresholds by category; others have the default
 * @param onlyThese whether categories without a threshold of their own are left out
 * @param blocks whether a violation refuses the request, or is only reported
 * @param blockOnError whether the request is refused where the classifier can't tell
 */
public record GuardrailRequest(
    String name,
    String model,
    Map<String, Double> thresholds,
    boolean onlyThese,
    boolean blocks,
    boolean blockOnError) {
  public GuardrailRequest {
    thresholds = Map.copyOf(thresholds);
  }
}
