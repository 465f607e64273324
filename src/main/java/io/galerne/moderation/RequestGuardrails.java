package io.galerne.moderation;

import io.galerne.engine.template.ChatMessage;
import io.galerne.identity.Caller;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.policy.Rule;
import io.galerne.serving.GuardrailReport;
import io.galerne.serving.GuardrailRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Judges the input of requests by the guardrails that they themselves ask for. */
@Component
class RequestGuardrails {
  private static final double DEFAULT_THRESHOLD = 0.5;
  private static final Set<String> ROLES = Set.of("user", "tool");
  private static final String FIRST = "moderation_llm_v1";
  private static final String NONE = "none";
  private static final String BLOCK = "block";

  private final Classifier classifier;

  RequestGuardrails(Classifier classifier) {
    this.classifier = classifier;
  }

  /**
   * What they say.
   *
   * @param reports one for each, in their order; fewer where one blocks
   * @param block the report that refuses the request, or null
   */
  record Judged(
      List<GuardrailReport> reports, List<Finding> findings, @Nullable GuardrailReport block) {}

  Judged judge(List<GuardrailRequest> guardrails, List<ChatMessage> messages, Caller caller) {
    List<GuardrailReport> reports = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (GuardrailRequest guardrail : guardrails) {
      GuardrailReport.Result result = result(guardrail, messages, caller, findings);
      GuardrailReport report = new GuardrailReport(Map.of(guardrail.name(), result));
      if (result.action().equals(BLOCK)) {
        return new Judged(reports, findings, report);
      }
      reports.add(report);
    }
    return new Judged(reports, findings, null);
  }

  private GuardrailReport.Result result(
      GuardrailRequest guardrail,
      List<ChatMessage> messages,
      Caller caller,
      List<Finding> findings) {
    Classifier.Generation generation =
        guardrail.name().equals(FIRST) ? Classifier.Generation.FIRST : Classifier.Generation.SECOND;
    Map<String, GuardrailReport.Decision> decisions = new TreeMap<>();
    for (ChatMessage message : messages) {
      if (!ROLES.contains(message.role())) {
        continue;
      }
      Classifier.Evaluation evaluation =
          classifier.evaluate(message.content(), caller, guardrail.model(), generation);
      Finding failure = evaluation.failure();
      if (failure != null) {
        boolean blocks = guardrail.blockOnError();
        findings.add(as(failure, blocks));
        return new GuardrailReport.Result(
            guardrail.model(), Map.of(), false, blocks ? BLOCK : NONE, failure.failure());
      }
      evaluation
          .scores()
          .forEach((category, score) -> decide(decisions, guardrail, category, score));
      for (Finding finding : evaluation.findings()) {
        Double threshold = threshold(guardrail, finding.rule().category());
        if (threshold != null && finding.score() > threshold) {
          findings.add(as(finding, guardrail.blocks()));
        }
      }
    }
    boolean violated = decisions.values().stream().anyMatch(GuardrailReport.Decision::violated);
    return new GuardrailReport.Result(
        guardrail.model(),
        decisions,
        violated,
        violated && guardrail.blocks() ? BLOCK : NONE,
        null);
  }

  private static Finding as(Finding finding, boolean blocks) {
    return new Finding(
        finding.rule(),
        finding.origin(),
        finding.start(),
        finding.end(),
        finding.score(),
        blocks ? Rule.Action.BLOCK : Rule.Action.FLAG,
        finding.failure());
  }

  /** Null where the category is left out. */
  private static @Nullable Double threshold(GuardrailRequest guardrail, String category) {
    Double own = guardrail.thresholds().get(category);
    return own != null || guardrail.onlyThese() ? own : Double.valueOf(DEFAULT_THRESHOLD);
  }

  private static void decide(
      Map<String, GuardrailReport.Decision> decisions,
      GuardrailRequest guardrail,
      String category,
      Classifier.Score score) {
    Double threshold = threshold(guardrail, category);
    if (threshold == null) {
      return;
    }
    decisions.merge(
        category,
        new GuardrailReport.Decision(threshold, score.score(), score.score() > threshold),
        (one, other) -> one.score() >= other.score() ? one : other);
  }
}
