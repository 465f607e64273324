package io.galerne.moderation;

import io.galerne.engine.template.ChatMessage;
import io.galerne.identity.Caller;
import io.galerne.moderation.detector.Judges;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyReader;
import io.galerne.moderation.policy.Rule;
import io.galerne.serving.GuardrailReport;
import io.galerne.serving.GuardrailRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Gives a text a score in each category: by the rules that come with the platform, and by those of
 * the policies that hold for the caller.
 */
@Component
public class Classifier {
  private static final String BUILT_IN = "/moderation/categories.yaml";
  private static final double DEFAULT_THRESHOLD = 0.5;

  private final EffectivePolicies policies;
  private final CallerJudges judges;
  private final CompiledPolicy builtIn;

  Classifier(EffectivePolicies policies, CallerJudges judges) throws IOException {
    this.policies = policies;
    this.judges = judges;
    try (InputStream in = Classifier.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IOException(BUILT_IN + " is missing");
      }
      builtIn = read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static CompiledPolicy read(String text) {
    return switch (PolicyText.read(text)) {
      case PolicyReader.Result.Read(Policy policy) ->
          CompiledPolicy.of(policy, Hashes.sha256(PolicyText.canonical(text)));
      case PolicyReader.Result.Refused(var problems) ->
          throw new IllegalStateException(BUILT_IN + ": " + problems);
    };
  }

  /** A detector can't tell, and its rule doesn't fail open. */
  public static final class Unavailable extends RuntimeException {
    Unavailable(String reason) {
      super(reason, null, false, false);
    }
  }

  /** One category. */
  public record Score(double score, boolean violated) {}

  /**
   * Scores by category, in the categories' order.
   *
   * @param model whose policies count beside those of the caller
   * @throws Unavailable if a detector that doesn't fail open can't tell
   */
  public Map<String, Score> classify(String text, Caller caller, String model) {
    Judges named = judges.of(caller);
    List<CompiledPolicy> all = new ArrayList<>(policies.of(caller, model));
    all.add(builtIn);
    Map<String, Score> scores = new TreeMap<>();
    for (CompiledPolicy policy : all) {
      List<GuardedRule> rules = policy.bound(named).stream().map(Classifier::scoring).toList();
      policy
          .rules()
          .forEach(rule -> scores.putIfAbsent(rule.rule().category(), new Score(0, false)));
      for (Finding finding : GuardedText.of(rules, StreamGuard.Form.TEXT, text).findings()) {
        if (!finding.failure().isEmpty() && !finding.rule().failsOpen()) {
          throw new Unavailable(finding.failure());
        }
        add(scores, finding, policy);
      }
    }
    return scores;
  }

  private static void add(Map<String, Score> scores, Finding finding, CompiledPolicy policy) {
    double threshold =
        policy.policy().rules().stream()
            .filter(rule -> rule.id().equals(finding.rule().id()))
            .mapToDouble(Rule::threshold)
            .findFirst()
            .orElse(DEFAULT_THRESHOLD);
    scores.merge(
        finding.rule().category(),
        new Score(finding.score(), finding.score() >= threshold),
        (one, other) ->
            new Score(Math.max(one.score(), other.score()), one.violated() || other.violated()));
  }

  /** The rule, that notes every score and does nothing. */
  private static GuardedRule scoring(GuardedRule guarded) {
    Rule rule = guarded.rule();
    return new GuardedRule(
        new Rule(
            rule.id(),
            rule.category(),
            0,
            rule.appliesTo(),
            rule.roles(),
            Rule.Action.FLAG,
            rule.replacement(),
            rule.failsOpen(),
            rule.detector()),
        guarded.origin(),
        guarded.scanners());
  }

  /** The report of a guardrail that refuses the messages; null where it lets them pass. */
  @Nullable GuardrailReport report(
      GuardrailRequest guardrail, List<ChatMessage> messages, Caller caller) {
    if (!guardrail.blocks()) {
      return null;
    }
    Map<String, GuardrailReport.Decision> decisions = new LinkedHashMap<>();
    for (ChatMessage message : messages) {
      if (!message.role().equals("user") && !message.role().equals("tool")) {
        continue;
      }
      try {
        classify(message.content(), caller, guardrail.model())
            .forEach((category, score) -> decide(decisions, guardrail, category, score));
      } catch (Unavailable e) {
        if (guardrail.blockOnError()) {
          decisions.put("error", new GuardrailReport.Decision(0, 1, true));
        }
      }
    }
    if (decisions.values().stream().noneMatch(GuardrailReport.Decision::violated)) {
      return null;
    }
    return new GuardrailReport(
        Map.of(
            guardrail.name(),
            new GuardrailReport.Result(guardrail.model(), decisions, true, "block")));
  }

  private static void decide(
      Map<String, GuardrailReport.Decision> decisions,
      GuardrailRequest guardrail,
      String category,
      Score score) {
    Double own = guardrail.thresholds().get(category);
    if (own == null && guardrail.onlyThese()) {
      return;
    }
    double threshold = own == null ? DEFAULT_THRESHOLD : own;
    decisions.merge(
        category,
        new GuardrailReport.Decision(threshold, score.score(), score.score() >= threshold),
        (one, other) -> one.score() >= other.score() ? one : other);
  }
}
