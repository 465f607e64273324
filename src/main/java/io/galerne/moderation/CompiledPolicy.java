package io.galerne.moderation;

import io.galerne.moderation.detector.Judges;
import io.galerne.moderation.detector.RuleScanners;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.Scanner;
import java.util.List;
import java.util.function.Function;

/**
 * A version of a policy, ready to be applied.
 *
 * @param origin the version: the hash of its content
 */
record CompiledPolicy(Policy policy, String origin, List<CompiledRule> rules) {
  /** A rule and what makes its scanners. */
  record CompiledRule(Rule rule, Function<Judges, Scanner> scanners) {}

  static CompiledPolicy of(Policy policy, String origin) {
    return new CompiledPolicy(
        policy,
        origin,
        policy.rules().stream()
            .map(rule -> new CompiledRule(rule, RuleScanners.compile(rule)))
            .toList());
  }

  List<GuardedRule> bound(Judges judges) {
    return rules.stream()
        .map(
            compiled ->
                new GuardedRule(compiled.rule(), origin, () -> compiled.scanners().apply(judges)))
        .toList();
  }
}
