package io.galerne.moderation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedText;
import java.util.List;

/**
 * What a policy does to a text that was tried.
 *
 * @param text what would go on: up to the cut where it is blocked
 */
public record TrialResult(boolean blocked, String text, List<Spot> findings) {
  public TrialResult {
    findings = List.copyOf(findings);
  }

  /**
   * A place where a rule found something.
   *
   * @param start in the text that was tried, in chars
   * @param failure why the detector couldn't tell, or empty
   */
  public record Spot(
      @JsonProperty("rule") String rule,
      @JsonProperty("detector") String detector,
      @JsonProperty("category") String category,
      @JsonProperty("score") double score,
      @JsonProperty("start") int start,
      @JsonProperty("end") int end,
      @JsonProperty("action") String action,
      @JsonProperty("failure") String failure) {
    private static Spot of(Finding finding) {
      return new Spot(
          finding.rule().id(),
          DecisionLog.detector(finding.rule()),
          finding.rule().category(),
          finding.score(),
          finding.start(),
          finding.end(),
          Verdicts.wireName(finding.action()),
          finding.failure());
    }
  }

  static TrialResult of(GuardedText judged) {
    return new TrialResult(
        judged.block() != null, judged.text(), judged.findings().stream().map(Spot::of).toList());
  }
}
