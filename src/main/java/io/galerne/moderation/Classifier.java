package io.galerne.moderation;

import io.galerne.identity.Caller;
import io.galerne.moderation.detector.Judges;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyReader;
import io.galerne.moderation.policy.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
   * What a text is.
   *
   * @param scores by category, in the categories' order
   * @param findings with a score, whatever it is
   * @param failure of a detector that doesn't fail open, or null
   */
  record Evaluation(Map<String, Score> scores, List<Finding> findings, @Nullable Finding failure) {}

  /**
   * Scores by category, in the categories' order.
   *
   * @param model whose policies count beside those of the caller
   * @throws Unavailable if a detector that doesn't fail open can't tell
   */
  public Map<String, Score> classify(String text, Caller caller, String model) {
    Evaluation evaluation = evaluate(text, caller, model, Generation.of(model));
    if (evaluation.failure() != null) {
      throw new Unavailable(evaluation.failure().failure());
    }
    return evaluation.scores();
  }

  /** Which of the contract's categories there are: they were cut anew once. */
  enum Generation {
    FIRST,
    SECOND,
    /** For names that stood for both. */
    ANY;

    private boolean has(String category) {
      return switch (category) {
        case "dangerous", "criminal", "jailbreaking" -> this != FIRST;
        case "dangerous_and_criminal_content" -> this != SECOND;
        default -> true;
      };
    }

    private static Generation of(String model) {
      return switch (model) {
        case "mistral-moderation-2411" -> FIRST;
        case "mistral-moderation-2603" -> SECOND;
        default -> ANY;
      };
    }
  }

  Evaluation evaluate(String text, Caller caller, String model, Generation generation) {
    Judges named = judges.of(caller);
    List<CompiledPolicy> all = new ArrayList<>(policies.of(caller, model, ""));
    all.add(builtIn);
    Map<String, Score> scores = new TreeMap<>();
    List<Finding> findings = new ArrayList<>();
    Finding failure = null;
    for (CompiledPolicy policy : all) {
      List<GuardedRule> rules =
          policy.bound(named).stream()
              .filter(rule -> !policy.equals(builtIn) || generation.has(rule.rule().category()))
              .map(Classifier::scoring)
              .toList();
      rules.forEach(rule -> scores.putIfAbsent(rule.rule().category(), new Score(0, false)));
      for (Finding finding : GuardedText.of(rules, StreamGuard.Form.TEXT, text).findings()) {
        if (finding.failure().isEmpty()) {
          findings.add(finding);
          add(scores, finding, policy);
        } else if (!finding.rule().failsOpen()) {
          failure = finding;
        }
      }
    }
    return new Evaluation(scores, findings, failure);
  }

  private static void add(Map<String, Score> scores, Finding finding, CompiledPolicy policy) {
    double threshold =
        policy.policy().rules().stream()
            .filter(rule -> rule.id().equals(finding.rule().id()))
            .mapToDouble(Rule::threshold)
            .findFirst()
            .orElseThrow();
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
}
