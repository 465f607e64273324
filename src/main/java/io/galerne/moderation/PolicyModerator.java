package io.galerne.moderation;

import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.ToolCall;
import io.galerne.moderation.detector.Judges;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Policy;
import io.galerne.serving.CompletionRequest;
import io.galerne.serving.GuardrailReport;
import io.galerne.serving.GuardrailRequest;
import io.galerne.serving.Moderator;
import io.galerne.serving.OutputGuard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Judges requests by the policies that hold for them. */
@Component
class PolicyModerator implements Moderator {
  private final EffectivePolicies policies;
  private final CallerJudges judges;
  private final Classifier classifier;
  private final DecisionLog decisions;

  PolicyModerator(
      EffectivePolicies policies,
      CallerJudges judges,
      Classifier classifier,
      DecisionLog decisions) {
    this.policies = policies;
    this.judges = judges;
    this.classifier = classifier;
    this.decisions = decisions;
  }

  /** The messages as they may go on, what was found in them, and what blocks them. */
  private record Input(
      List<ChatMessage> messages, List<Finding> findings, @Nullable Finding block) {}

  @Override
  public Judgement judge(
      CompletionRequest request, List<GuardrailRequest> guardrails, Subject subject) {
    List<CompiledPolicy> effective = policies.of(subject.caller(), subject.model());
    for (GuardrailRequest guardrail : guardrails) {
      GuardrailReport report = classifier.report(guardrail, request.messages(), subject.caller());
      if (report != null) {
        return new Blocked(report, charged(effective), Verdicts.versions(effective));
      }
    }
    if (effective.isEmpty()) {
      return new Passed(request, () -> OutputGuard.NONE, null);
    }
    Judges named = judges.of(subject.caller());
    List<GuardedRule> rules =
        effective.stream().flatMap(each -> each.bound(named).stream()).toList();
    Policy.Evidence evidence = Verdicts.evidence(effective);
    Input input = input(request, rules);
    decisions.record(subject, DecisionLog.Stage.INPUT, input.findings(), evidence);
    decisions.sample(
        subject, DecisionLog.Stage.INPUT, request.messages().getLast().content(), evidence);
    Finding block = input.block() == null ? uncoverable(request, input) : input.block();
    if (block != null) {
      return new Blocked(
          Verdicts.report(block, input.findings()),
          charged(effective),
          Verdicts.versions(effective));
    }
    List<GuardedRule> output =
        rules.stream().filter(each -> each.rule().appliesTo().output()).toList();
    return new Passed(
        request.withMessages(input.messages()),
        () ->
            output.isEmpty()
                ? OutputGuard.NONE
                : new PolicyGuard(
                    output,
                    request,
                    findings ->
                        decisions.record(subject, DecisionLog.Stage.OUTPUT, findings, evidence),
                    Verdicts.billing(effective).blockedOutput()),
        Verdicts.versions(effective));
  }

  private static boolean charged(List<CompiledPolicy> effective) {
    return effective.isEmpty()
        || Verdicts.billing(effective).blockedInput() == Policy.BlockedInput.PROMPT;
  }

  /** A text around a gap is not made of messages: what can't be covered up there is refused. */
  private static @Nullable Finding uncoverable(CompletionRequest request, Input input) {
    boolean same = request.gap() == null || input.messages().equals(request.messages());
    return same ? null : input.findings().getFirst();
  }

  private static Input input(CompletionRequest request, List<GuardedRule> rules) {
    List<ChatMessage> messages = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (ChatMessage message : request.messages()) {
      List<GuardedRule> own =
          rules.stream()
              .filter(each -> each.rule().appliesTo().input())
              .filter(each -> each.rule().roles().contains(message.role()))
              .toList();
      if (own.isEmpty()) {
        messages.add(message);
        continue;
      }
      GuardedText content = GuardedText.of(own, StreamGuard.Form.TEXT, message.content());
      findings.addAll(content.findings());
      if (content.block() != null) {
        return new Input(List.of(), findings, content.block());
      }
      List<ToolCall> calls = new ArrayList<>();
      for (ToolCall call : message.toolCalls()) {
        GuardedText arguments = GuardedText.of(own, StreamGuard.Form.JSON, call.arguments());
        findings.addAll(arguments.findings());
        if (arguments.block() != null) {
          return new Input(List.of(), findings, arguments.block());
        }
        calls.add(new ToolCall(call.id(), call.name(), arguments.text()));
      }
      messages.add(
          new ChatMessage(
              message.role(),
              content.text(),
              calls,
              message.toolCallId(),
              message.name(),
              message.prefix()));
    }
    return new Input(messages, findings, null);
  }
}
