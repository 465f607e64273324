package io.galerne.moderation;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.identity.Caller;
import io.galerne.moderation.PolicyOutcome.Conflict;
import io.galerne.moderation.PolicyOutcome.Done;
import io.galerne.moderation.PolicyOutcome.Invalid;
import io.galerne.moderation.PolicyOutcome.NoScope;
import io.galerne.moderation.PolicyOutcome.NotFound;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyProblem;
import io.galerne.moderation.policy.PolicyReader;
import io.galerne.moderation.policy.Rule;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** What people do with policies: draft, check, try out, publish, go back. */
@Service
class PolicyService {
  private final PolicyRecords records;
  private final EffectivePolicies effective;
  private final CallerJudges judges;
  private final ModelCatalog catalog;

  PolicyService(
      PolicyRecords records,
      EffectivePolicies effective,
      CallerJudges judges,
      ModelCatalog catalog) {
    this.records = records;
    this.effective = effective;
    this.judges = judges;
    this.catalog = catalog;
  }

  List<PolicyIssue> validate(String text) {
    return switch (PolicyText.read(text)) {
      case PolicyReader.Result.Read _ -> List.of();
      case PolicyReader.Result.Refused(List<PolicyProblem> problems) ->
          PolicyIssue.of(text, problems);
    };
  }

  PolicyOutcome<StoredPolicy> create(Caller caller, UUID id, PolicyScope scope, String text) {
    UUID tenant = caller.tenantId();
    return switch (PolicyText.read(text)) {
      case PolicyReader.Result.Refused(List<PolicyProblem> problems) ->
          new Invalid<>(PolicyIssue.of(text, problems));
      case PolicyReader.Result.Read(Policy policy) -> {
        PolicyScope named = named(tenant, scope);
        if (named == null || !records.knows(tenant, named)) {
          yield new NoScope<>(scope);
        }
        yield records.create(tenant, id, policy.name(), named, text)
            ? new Done<>(records.find(tenant, id).orElseThrow())
            : new Conflict<>("There is a policy with this name already");
      }
    };
  }

  /** The scope with the model's own name in the place of an alias; null for an unknown one. */
  private @Nullable PolicyScope named(UUID tenant, PolicyScope scope) {
    return switch (scope.kind()) {
      case ORGANIZATION, WORKSPACE, KEY -> scope;
      case MODEL ->
          switch (catalog.resolve(tenant, scope.value())) {
            case Resolution.Found(ModelCard card) -> new PolicyScope(scope.kind(), card.id());
            case Resolution.Embedding(EmbeddingCard card) ->
                new PolicyScope(scope.kind(), card.id());
            case Resolution.Unknown _ -> null;
          };
      case DEPLOYMENT -> {
        boolean serves =
            Stream.concat(
                    catalog.cards(tenant).stream().map(ModelCard::weightsId),
                    catalog.embeddingCards().stream().map(card -> card.profile().id()))
                .anyMatch(scope::isServedBy);
        yield serves ? scope : null;
      }
    };
  }

  PolicyOutcome<StoredPolicy> draft(Caller caller, UUID id, String text) {
    List<PolicyIssue> problems = validate(text);
    if (!problems.isEmpty()) {
      return new Invalid<>(problems);
    }
    if (records.find(caller.tenantId(), id).isEmpty()) {
      return new NotFound<>();
    }
    records.saveDraft(caller.tenantId(), id, text);
    return found(records.find(caller.tenantId(), id));
  }

  PolicyOutcome<PolicyVersion> publish(Caller caller, UUID id) {
    Optional<StoredPolicy> stored = records.find(caller.tenantId(), id);
    if (stored.isEmpty()) {
      return new NotFound<>();
    }
    String draft = stored.get().draft();
    if (draft == null) {
      return new Conflict<>("There is no draft to publish");
    }
    List<PolicyIssue> problems = validate(draft);
    if (!problems.isEmpty()) {
      return new Invalid<>(problems);
    }
    String content = PolicyText.canonical(draft);
    PolicyVersion version =
        records.publish(caller.tenantId(), id, content, Hashes.sha256(content), caller.apiKeyId());
    effective.changed(caller.tenantId());
    return new Done<>(version);
  }

  /** Puts an earlier version in force again; 0 puts the policy out of force. */
  PolicyOutcome<StoredPolicy> rollBack(Caller caller, UUID id, int number) {
    if (records.find(caller.tenantId(), id).isEmpty()
        || !records.activate(caller.tenantId(), id, number == 0 ? null : number)) {
      return new NotFound<>();
    }
    effective.changed(caller.tenantId());
    return found(records.find(caller.tenantId(), id));
  }

  /** Tries a text on a policy. */
  PolicyOutcome<GuardedText> test(
      Caller caller, String policy, Rule.AppliesTo stage, StreamGuard.Form form, String text) {
    return switch (PolicyText.read(policy)) {
      case PolicyReader.Result.Refused(List<PolicyProblem> problems) ->
          new Invalid<>(PolicyIssue.of(policy, problems));
      case PolicyReader.Result.Read(Policy read) ->
          new Done<>(GuardedText.of(rules(read, stage, caller), form, text));
    };
  }

  private List<GuardedRule> rules(Policy policy, Rule.AppliesTo stage, Caller caller) {
    return CompiledPolicy.of(policy, "test").bound(judges.of(caller)).stream()
        .filter(
            guarded ->
                stage.input()
                    ? guarded.rule().appliesTo().input()
                    : guarded.rule().appliesTo().output())
        .toList();
  }

  /** The draft for 0, else the version. */
  Optional<String> content(Caller caller, UUID id, int number) {
    return number == 0
        ? records.find(caller.tenantId(), id).map(stored -> String.valueOf(stored.draft()))
        : records.version(caller.tenantId(), id, number).map(PolicyVersion::content);
  }

  private static <T> PolicyOutcome<T> found(Optional<T> value) {
    return value.<PolicyOutcome<T>>map(Done::new).orElseGet(NotFound::new);
  }
}
