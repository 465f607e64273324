package io.galerne.moderation;

import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.Rule;
import io.galerne.serving.GuardrailReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What clients are told of findings, and what several policies say together. */
final class Verdicts {
  private static final String POLICY = "policy";

  private Verdicts() {}

  /** The report of a blocked text: every finding, under the version that blocked it. */
  static GuardrailReport report(Finding block, List<Finding> findings) {
    Map<String, GuardrailReport.Decision> decisions = new LinkedHashMap<>();
    for (Finding finding : findings) {
      decisions.merge(
          finding.rule().category(),
          new GuardrailReport.Decision(finding.rule().threshold(), finding.score(), true),
          (one, other) -> one.score() >= other.score() ? one : other);
    }
    return new GuardrailReport(
        Map.of(
            POLICY,
            new GuardrailReport.Result(
                block.origin(), decisions, true, wireName(block.action()), null)));
  }

  static String wireName(Rule.Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }

  /** Charges what the dearest of the policies does; the operator's floor may raise it only. */
  static Policy.Billing billing(List<CompiledPolicy> policies) {
    return policies.stream()
        .map(compiled -> compiled.policy().billing())
        .reduce(Policy.Billing.LEAST, Policy.Billing::and);
  }

  /** The versions in force as the ledger names them, null where there are none. */
  static @Nullable String versions(List<CompiledPolicy> policies) {
    return policies.isEmpty()
        ? null
        : policies.stream().map(CompiledPolicy::origin).distinct().collect(Collectors.joining(","));
  }

  /** Keeps texts where one policy asks for it, and decisions as long as the longest. */
  static Policy.Evidence evidence(List<CompiledPolicy> policies) {
    boolean content = policies.stream().anyMatch(each -> each.policy().evidence().content());
    int days =
        policies.stream()
            .mapToInt(each -> each.policy().evidence().retentionDays())
            .max()
            .orElse(Policy.Evidence.DEFAULT.retentionDays());
    return new Policy.Evidence(content, days);
  }
}
