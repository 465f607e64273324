package io.galerne.moderation;

import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.Rule;
import java.util.List;
import java.util.Locale;

/**
 * A policy in a few words: which rules it has, not what exactly they look for.
 *
 * @param hash of the version
 */
public record PolicySummary(String name, String description, String hash, List<RuleLine> rules) {
  public PolicySummary {
    rules = List.copyOf(rules);
  }

  /** A rule; words as policies spell them. */
  public record RuleLine(
      String id,
      String detector,
      String category,
      String appliesTo,
      double threshold,
      String action) {
    private static RuleLine of(Rule rule) {
      return new RuleLine(
          rule.id(),
          DecisionLog.detector(rule),
          rule.category(),
          rule.appliesTo().name().toLowerCase(Locale.ROOT),
          rule.threshold(),
          Verdicts.wireName(rule.action()));
    }
  }

  static PolicySummary of(CompiledPolicy compiled) {
    Policy policy = compiled.policy();
    return new PolicySummary(
        policy.name(),
        policy.description(),
        compiled.origin(),
        policy.rules().stream().map(RuleLine::of).toList());
  }
}
