package io.galerne.serving;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What judged a request, in the shape of the contract.
 *
 * @param results by the name of what judged
 */
public record GuardrailReport(Map<String, Result> results) {
  /**
   * @param model the classifier, or the version of the policy
   * @param decisions by category
   * @param action that was taken
   * @param error why the classifier couldn't tell, or null
   */
  public record Result(
      String model,
      Map<String, Decision> decisions,
      boolean violated,
      String action,
      @Nullable String error) {}

  /** One category's score against its threshold. */
  public record Decision(double threshold, double score, boolean violated) {}
}
