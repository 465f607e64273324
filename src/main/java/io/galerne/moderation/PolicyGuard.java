package io.galerne.moderation;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.Rule;
import io.galerne.serving.CompletionRequest;
import io.galerne.serving.GuardrailReport;
import io.galerne.serving.OutputGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Guards an answer by the rules for what comes out of models: its text, and its calls of tools. */
final class PolicyGuard implements OutputGuard {
  private static final Logger log = LoggerFactory.getLogger(PolicyGuard.class);

  /** What a schema says of texts that a mark in their place might not keep to. */
  private static final Pattern STRICT =
      Pattern.compile("\"(?:enum|const|pattern|format|minLength|maxLength|oneOf|not)\"");

  private final List<GuardedRule> rules;
  private final CompletionRequest request;
  private final AnswerEvidence evidence;
  private final Policy.BlockedOutput billing;
  private final StreamGuard text;

  private final List<Finding> inCalls = new ArrayList<>();
  private @Nullable Finding blockedCall;

  PolicyGuard(
      List<GuardedRule> rules,
      CompletionRequest request,
      AnswerEvidence evidence,
      Policy.BlockedOutput billing) {
    this.rules = rules;
    this.request = request;
    this.evidence = evidence;
    this.billing = billing;
    this.text =
        request.format().asksForDocument() && !request.prefix().isEmpty()
            ? new StreamGuard(blocking(), StreamGuard.Form.JSON) // its beginning can't be marked
            : text(request.format());
    text.follow(request.prefix());
  }

  private StreamGuard text(OutputFormat format) {
    return switch (format) {
      case OutputFormat.JsonObject() -> new StreamGuard(rules, StreamGuard.Form.JSON);
      case OutputFormat.JsonSchema(String schema) ->
          new StreamGuard(fitting(schema), StreamGuard.Form.JSON);
      case OutputFormat.FreeText() -> new StreamGuard(rules, StreamGuard.Form.TEXT);
      case OutputFormat.ToolCalls calls -> text(calls.otherwise());
      case OutputFormat.Regex _, OutputFormat.Choice _ ->
          new StreamGuard(blocking(), StreamGuard.Form.TEXT);
    };
  }

  /** Where a mark might not fit the schema, the answer is blocked instead. */
  private List<GuardedRule> fitting(String schema) {
    return STRICT.matcher(schema).find() ? blocking() : rules;
  }

  private List<GuardedRule> blocking() {
    return rules.stream().map(PolicyGuard::blocking).toList();
  }

  private static GuardedRule blocking(GuardedRule guarded) {
    Rule rule = guarded.rule();
    if (rule.action() == Rule.Action.FLAG) {
      return guarded;
    }
    return new GuardedRule(
        new Rule(
            rule.id(),
            rule.category(),
            rule.threshold(),
            rule.appliesTo(),
            rule.roles(),
            Rule.Action.BLOCK,
            rule.replacement(),
            rule.failsOpen(),
            rule.detector()),
        guarded.origin(),
        guarded.scanners());
  }

  @Override
  public boolean idle() {
    return false;
  }

  @Override
  public String add(String more) {
    evidence.saw(more);
    return text.add(more);
  }

  @Override
  public String finish() {
    return text.finish();
  }

  @Override
  public int passed() {
    return text.passed();
  }

  @Override
  public @Nullable ToolCall call(ToolCall call) {
    String schema =
        request.tools().stream()
            .filter(tool -> tool.name().equals(call.name()))
            .map(ToolDefinition::parameters)
            .findFirst()
            .orElse("");
    GuardedText arguments =
        GuardedText.of(fitting(schema), StreamGuard.Form.JSON, call.arguments());
    evidence.saw(call.arguments());
    inCalls.addAll(arguments.findings());
    if (arguments.block() != null) {
      blockedCall = arguments.block();
      return null;
    }
    return new ToolCall(call.id(), call.name(), arguments.text());
  }

  @Override
  public @Nullable GuardrailReport block() {
    Finding block = text.block() == null ? blockedCall : text.block();
    return block == null ? null : Verdicts.report(block, findings());
  }

  private List<Finding> findings() {
    List<Finding> all = new ArrayList<>(text.findings());
    all.addAll(inCalls);
    return all;
  }

  @Override
  public boolean chargesGenerated() {
    return billing == Policy.BlockedOutput.GENERATED;
  }

  @Override
  public void settled() {
    try {
      evidence.keep(findings());
    } catch (RuntimeException e) {
      // the answer is over and must be settled all the same
      log.error("decisions about an answer could not be kept", e);
    }
  }
}
