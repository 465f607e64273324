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
import io.galerne.serving.GuardrailRequest;
import io.galerne.serving.Moderator;
import io.galerne.serving.OutputGuard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Judges requests by the policies that hold for them. */
@Component
class PolicyModerator implements Moderator {
  private static final Logger log = LoggerFactory.getLogger(PolicyModerator.class);

  private final EffectivePolicies policies;
  private final CallerJudges judges;
  private final RequestGuardrails guardrails;
  private final DecisionLog decisions;

  PolicyModerator(
      EffectivePolicies policies,
      CallerJudges judges,
      RequestGuardrails guardrails,
      DecisionLog decisions) {
    this.policies = policies;
    this.judges = judges;
    this.guardrails = guardrails;
    this.decisions = decisions;
  }

  /** The messages as they may go on, what was found in them, and what blocks them. */
  private record Input(
      List<ChatMessage> messages, List<Finding> findings, @Nullable Finding block) {}

  @Override
  public Judgement judge(
      CompletionRequest request, List<GuardrailRequest> guardrails, Subject subject) {
    try {
      return judge(request, guardrails, subject, effective(subject));
    } catch (DataAccessException | TransactionException e) {
      return unknown(e);
    }
  }

  private List<CompiledPolicy> effective(Subject subject) {
    return policies.of(subject);
  }

  private static Unknown unknown(Exception e) {
    log.warn("A request was refused because policies or decisions can't be kept", e);
    return new Unknown();
  }

  private Judgement judge(
      CompletionRequest request,
      List<GuardrailRequest> guardrails,
      Subject subject,
      List<CompiledPolicy> effective) {
    Policy.Evidence evidence = Verdicts.evidence(effective);
    String versions = Verdicts.versions(effective);
    RequestGuardrails.Judged asked =
        this.guardrails.judge(guardrails, request.messages(), subject.caller());
    decisions.record(subject, DecisionLog.Stage.INPUT, asked.findings(), evidence);
    if (asked.block() != null) {
      return new Blocked(asked.block(), charged(effective), versions);
    }
    if (effective.isEmpty()) {
      return new Passed(request, () -> OutputGuard.NONE, versions, asked.reports());
    }
    List<GuardedRule> rules = rules(effective, subject);
    Input input = input(request, rules);
    decisions.record(subject, DecisionLog.Stage.INPUT, input.findings(), evidence);
    ChatMessage last = request.messages().getLast();
    decisions.sample(subject, DecisionLog.Stage.INPUT, last.role(), last.content(), evidence);
    Finding block = input.block() == null ? uncoverable(request, input) : input.block();
    if (block != null) {
      return new Blocked(Verdicts.report(block, input.findings()), charged(effective), versions);
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
                    decisions.answer(subject, evidence),
                    Verdicts.billing(effective).blockedOutput()),
        versions,
        asked.reports());
  }

  private List<GuardedRule> rules(List<CompiledPolicy> effective, Subject subject) {
    Judges named = judges.of(subject.caller());
    return effective.stream().flatMap(each -> each.bound(named).stream()).toList();
  }

  @Override
  public TextsJudgement judge(List<String> texts, Subject subject) {
    try {
      List<CompiledPolicy> effective = effective(subject);
      return effective.isEmpty() ? new TextsPassed(texts, null) : judge(texts, subject, effective);
    } catch (DataAccessException | TransactionException e) {
      return unknown(e);
    }
  }

  private TextsJudgement judge(
      List<String> texts, Subject subject, List<CompiledPolicy> effective) {
    List<GuardedRule> rules =
        rules(effective, subject).stream()
            .filter(each -> each.rule().appliesTo().input())
            .filter(each -> each.rule().roles().contains("user"))
            .toList();
    Policy.Evidence evidence = Verdicts.evidence(effective);
    List<String> passed = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    Finding block = null;
    for (String text : texts) {
      GuardedText judged = GuardedText.of(rules, StreamGuard.Form.TEXT, text);
      findings.addAll(judged.findings());
      passed.add(judged.text());
      if (judged.block() != null) {
        block = judged.block();
        break;
      }
    }
    decisions.record(subject, DecisionLog.Stage.INPUT, findings, evidence);
    decisions.sample(subject, DecisionLog.Stage.INPUT, "user", String.join("\n", texts), evidence);
    String versions = Verdicts.versions(effective);
    return block == null
        ? new TextsPassed(passed, versions)
        : new Blocked(Verdicts.report(block, findings), charged(effective), versions);
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
