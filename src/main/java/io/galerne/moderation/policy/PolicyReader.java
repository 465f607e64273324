package io.galerne.moderation.policy;

import io.galerne.moderation.scan.PatternException;
import io.galerne.moderation.scan.PhraseSet;
import io.galerne.moderation.scan.RegexProgram;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads a policy from a tree of JSON or YAML, and says everything that is wrong with it. */
public final class PolicyReader {
  private static final int RULES_MAX = 100;
  private static final int TEXT_MAX = 2000;
  private static final int DAYS_MAX = 3650;
  private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
  private static final Set<String> DEFAULT_ROLES = Set.of("user", "assistant", "tool");
  private static final double DEFAULT_THRESHOLD = 0.5;

  private PolicyReader() {}

  /** A policy, or what is wrong with it. */
  public sealed interface Result {
    record Read(Policy policy) implements Result {}

    record Refused(List<PolicyProblem> problems) implements Result {}
  }

  public static Result read(JsonNode tree) {
    List<PolicyProblem> problems = new ArrayList<>();
    Fields fields = new Fields(tree, "", problems);
    if (!problems.isEmpty()) {
      return new Result.Refused(problems);
    }
    Policy policy =
        new Policy(
            fields.requiredText("name", 200),
            fields.text("description", "", TEXT_MAX),
            billing(fields),
            evidence(fields),
            rules(fields));
    fields.refuseOthers();
    return problems.isEmpty() ? new Result.Read(policy) : new Result.Refused(problems);
  }

  private static Policy.Billing billing(Fields policy) {
    JsonNode value = policy.value("billing");
    if (value == null) {
      return Policy.Billing.DEFAULT;
    }
    Fields fields = new Fields(value, policy.pointer("billing"), policy.problems());
    Policy.Billing billing =
        new Policy.Billing(
            fields.choice("blocked_input", Policy.BlockedInput.class, Policy.BlockedInput.PROMPT),
            fields.choice(
                "blocked_output", Policy.BlockedOutput.class, Policy.BlockedOutput.GENERATED));
    fields.refuseOthers();
    return billing;
  }

  private static Policy.Evidence evidence(Fields policy) {
    JsonNode value = policy.value("evidence");
    if (value == null) {
      return Policy.Evidence.DEFAULT;
    }
    Fields fields = new Fields(value, policy.pointer("evidence"), policy.problems());
    Policy.Evidence evidence =
        new Policy.Evidence(
            fields.flag("content", false),
            fields.integer("retention_days", Policy.Evidence.DEFAULT.retentionDays(), 1, DAYS_MAX));
    fields.refuseOthers();
    return evidence;
  }

  private static List<Rule> rules(Fields policy) {
    JsonNode value = policy.value("rules");
    if (value == null || !value.isArray() || value.size() > RULES_MAX) {
      policy.wrong("rules", "must be a list of at most %d rules".formatted(RULES_MAX));
      return List.of();
    }
    List<Rule> rules = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < value.size(); i++) {
      String pointer = policy.pointer("rules") + "/" + i;
      int before = policy.problems().size();
      Fields fields = new Fields(value.get(i), pointer, policy.problems());
      if (policy.problems().size() > before) {
        continue;
      }
      Rule rule = rule(fields);
      if (!ids.add(rule.id())) {
        fields.wrong("id", "is the id of another rule too");
      }
      rules.add(rule);
    }
    return rules;
  }

  private static Rule rule(Fields fields) {
    String id = fields.requiredText("id", 64);
    if (!id.isEmpty() && !id.matches("[A-Za-z0-9_.-]+")) {
      fields.wrong("id", "must have letters, digits, and . _ - only");
    }
    Detector detector = DetectorReader.read(fields);
    String category = fields.requiredText("category", 64);
    if (!category.isEmpty() && !category.matches("[a-z][a-z0-9_]*")) {
      fields.wrong("category", "must have small letters, digits and _ only, a letter first");
    }
    Rule.Action action = fields.choice("action", Rule.Action.class, Rule.Action.BLOCK);
    if (fields.value("action") == null) {
      fields.wrong("action", "is required");
    }
    String replacement = fields.text("replacement", "", TEXT_MAX);
    if (action == Rule.Action.REPLACE && replacement.isEmpty()) {
      fields.wrong("replacement", "is required where the action is replace");
    }
    if (action == Rule.Action.REDACT && replacement.isEmpty()) {
      replacement = "[" + category + "]";
    }
    Failure onFailure = fields.choice("on_failure", Failure.class, Failure.CLOSED);
    Rule rule =
        new Rule(
            id,
            category,
            fields.number("threshold", DEFAULT_THRESHOLD, 0, 1),
            fields.choice("applies_to", Rule.AppliesTo.class, Rule.AppliesTo.BOTH),
            roles(fields),
            action,
            replacement,
            onFailure == Failure.OPEN,
            detector);
    fields.refuseOthers();
    return rule;
  }

  private enum Failure {
    CLOSED,
    OPEN
  }

  private static Set<String> roles(Fields fields) {
    List<String> roles = fields.texts("roles", 0, ROLES.size(), 20);
    if (!ROLES.containsAll(roles)) {
      fields.wrong("roles", "must be of system, user, assistant and tool");
      return DEFAULT_ROLES;
    }
    return roles.isEmpty() ? DEFAULT_ROLES : Set.copyOf(roles);
  }

  /** Says what is wrong with phrases and patterns. */
  static void check(Detector detector, Fields fields) {
    try {
      switch (detector) {
        case Detector.Phrases(List<String> phrases, boolean wholeWords) ->
            PhraseSet.of(phrases, wholeWords);
        case Detector.Regex(List<String> patterns, boolean folded, _) ->
            patterns.forEach(pattern -> RegexProgram.compile(pattern, folded));
        case Detector.Pii _,
            Detector.Secrets _,
            Detector.Injection _,
            Detector.Language _,
            Detector.Similarity _,
            Detector.GuardModel _,
            Detector.Remote _ -> {}
      }
    } catch (PatternException e) {
      String field = detector instanceof Detector.Phrases ? "phrases" : "patterns";
      fields.wrong(field, String.valueOf(e.getMessage()));
    }
  }
}
