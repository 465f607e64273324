package io.galerne.moderation;

import io.galerne.identity.AdminCaller;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Caller;
import io.galerne.identity.Permission;
import io.galerne.moderation.PolicyOutcome.Done;
import io.galerne.moderation.PolicyOutcome.NotFound;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What people do with a tenant's own policies, by the Admin API and on pages alike. Each call
 * checks the permission; each change is on the tenant's trail.
 */
@Component
public class Policies {
  private final PolicyService policies;
  private final PolicyRecords records;
  private final DryRun dryRun;
  private final PolicyTrail trail;
  private final OperatorFloor floor;

  Policies(
      PolicyService policies,
      PolicyRecords records,
      DryRun dryRun,
      PolicyTrail trail,
      OperatorFloor floor) {
    this.policies = policies;
    this.records = records;
    this.dryRun = dryRun;
    this.trail = trail;
    this.floor = floor;
  }

  public List<StoredPolicy> list(AdminCaller admin) {
    return records.all(reader(admin).tenantId());
  }

  /** The number of each policy's last version; those without one are not in it. */
  public Map<UUID, Integer> lastNumbers(AdminCaller admin) {
    return records.lastNumbers(reader(admin).tenantId());
  }

  /** The operator's policy, which holds beside each of the tenant's; empty if there is none. */
  public Optional<PolicySummary> floor() {
    return floor.policy().map(PolicySummary::of);
  }

  public Optional<StoredPolicy> find(AdminCaller admin, UUID id) {
    return records.find(reader(admin).tenantId(), id);
  }

  /** A policy in its scope, as a draft. */
  public PolicyOutcome<StoredPolicy> create(TenantAdmin admin, PolicyScope scope, String text) {
    Caller caller = writer(admin);
    UUID id = UUID.randomUUID();
    return trail.change(
        admin,
        "policy.create",
        id,
        (entry, stored) ->
            entry
                .with("name", stored.name())
                .with("scope", stored.scope().kind().wireName())
                .with("scope_value", stored.scope().value()),
        () -> policies.create(caller, id, scope, text));
  }

  /** What is wrong with a text; nothing if it is a policy. */
  public List<PolicyIssue> validate(String text) {
    return policies.validate(text);
  }

  /** The same policy written out as YAML, or as JSON; empty if the text is none. */
  public Optional<String> written(String text, boolean json) {
    return policies.validate(text).isEmpty()
        ? Optional.of(json ? PolicyLayout.json(text) : PolicyLayout.yaml(text))
        : Optional.empty();
  }

  /** Replaces the draft. */
  public PolicyOutcome<StoredPolicy> draft(TenantAdmin admin, UUID id, String text) {
    Caller caller = writer(admin);
    return trail.change(
        admin,
        "policy.draft.update",
        id,
        (entry, stored) -> entry.with("name", stored.name()),
        () -> policies.draft(caller, id, text));
  }

  /** Makes the draft a version, and puts it in force. */
  public PolicyOutcome<PolicyVersion> publish(TenantAdmin admin, UUID id) {
    Caller caller = writer(admin);
    return trail.change(
        admin,
        "policy.publish",
        id,
        (entry, version) ->
            entry.with("version", version.number()).with("content_hash", version.hash()),
        () -> policies.publish(caller, id));
  }

  /** Puts an earlier version in force again; 0 puts the policy out of force. */
  public PolicyOutcome<StoredPolicy> rollBack(TenantAdmin admin, UUID id, int version) {
    Caller caller = writer(admin);
    return trail.change(
        admin,
        "policy.activate",
        id,
        (entry, _) -> entry.with("version", version == 0 ? "none" : version),
        () -> policies.rollBack(caller, id, version));
  }

  /** The published versions, the latest first. */
  public PolicyOutcome<List<PolicyVersion>> versions(AdminCaller admin, UUID id) {
    UUID tenant = reader(admin).tenantId();
    return records.find(tenant, id).isEmpty()
        ? new NotFound<>()
        : new Done<>(records.versions(tenant, id));
  }

  /** In what two versions differ; 0 is the draft. */
  public PolicyOutcome<List<PolicyDiff.Change>> diff(AdminCaller admin, UUID id, int from, int to) {
    Caller caller = reader(admin);
    Optional<String> before = policies.content(caller, id, from);
    Optional<String> after = policies.content(caller, id, to);
    return before.isEmpty() || after.isEmpty()
        ? new NotFound<>()
        : new Done<>(PolicyDiff.between(before.get(), after.get()));
  }

  /** As what a text is tried. */
  public enum Stage {
    INPUT,
    OUTPUT,
    BOTH;

    private Rule.AppliesTo rules() {
      return Rule.AppliesTo.valueOf(name());
    }
  }

  /**
   * What is tried.
   *
   * @param version 0 for the draft
   * @param json whether the text is a JSON document, like the arguments of a call
   */
  public record Trial(String text, Stage stage, int version, boolean json) {
    private StreamGuard.Form form() {
      return json ? StreamGuard.Form.JSON : StreamGuard.Form.TEXT;
    }
  }

  /** Tries a text on the draft or a version. */
  public PolicyOutcome<TrialResult> test(AdminCaller admin, UUID id, Trial trial) {
    Caller caller = writer(admin);
    return policies
        .content(caller, id, trial.version())
        .map(policy -> tried(caller, policy, trial))
        .orElseGet(NotFound::new);
  }

  /** Tries a text on a policy that is kept nowhere yet. */
  public PolicyOutcome<TrialResult> test(AdminCaller admin, String policy, Trial trial) {
    return tried(writer(admin), policy, trial);
  }

  private PolicyOutcome<TrialResult> tried(Caller caller, String policy, Trial trial) {
    PolicyOutcome<GuardedText> judged =
        policies.test(caller, policy, trial.stage().rules(), trial.form(), trial.text());
    return judged.map(TrialResult::of);
  }

  /**
   * What a draft is tried on.
   *
   * @param texts null for those of opted-in traffic
   * @param stage as what the texts are judged
   */
  public record Replay(@Nullable List<String> texts, Stage stage) {}

  /** What the draft would change of what is in force. */
  public PolicyOutcome<DryRun.Result> dryRun(AdminCaller admin, UUID id, Replay replay) {
    return dryRun.run(writer(admin), id, replay.texts(), replay.stage().rules());
  }

  private static Caller reader(AdminCaller admin) {
    return Admins.require(admin, Permission.POLICIES_READ);
  }

  private static Caller writer(AdminCaller admin) {
    return Admins.require(admin, Permission.POLICIES_WRITE);
  }
}
