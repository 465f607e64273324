package io.galerne.moderation;

import io.galerne.identity.AdminCaller;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Caller;
import io.galerne.identity.Permission;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.PolicyProblem;
import io.galerne.moderation.policy.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** What the Admin API does with a tenant's own policies, which are YAML or JSON. */
@Component
public class PolicyDesk {
  private final PolicyService policies;
  private final PolicyRecords records;
  private final DryRun dryRun;
  private final PolicyTrail trail;

  PolicyDesk(PolicyService policies, PolicyRecords records, DryRun dryRun, PolicyTrail trail) {
    this.policies = policies;
    this.records = records;
    this.dryRun = dryRun;
    this.trail = trail;
  }

  public List<Map<String, @Nullable Object>> list(AdminCaller admin) {
    Caller caller = Admins.require(admin, Permission.POLICIES_READ);
    return records.all(caller.tenantId()).stream().map(PolicyDesk::brief).toList();
  }

  /** A policy in its scope. */
  public ResponseEntity<Object> create(TenantAdmin admin, PolicyScope scope, String text) {
    Caller caller = Admins.require(admin, Permission.POLICIES_WRITE);
    UUID id = UUID.randomUUID();
    return answer(
        trail.change(
            admin,
            "policy.create",
            id,
            (entry, stored) ->
                entry
                    .with("name", stored.name())
                    .with("scope", stored.scope().kind().wireName())
                    .with("scope_value", stored.scope().value()),
            () -> policies.create(caller, id, scope, text)),
        HttpStatus.CREATED,
        PolicyDesk::full);
  }

  public Map<String, Object> validate(String text) {
    List<PolicyProblem> problems = policies.validate(text);
    return Map.of("valid", problems.isEmpty(), "problems", problems);
  }

  /** The JSON Schema of policies, as people's editors use it. */
  public String schema() {
    return PolicySchema.TEXT;
  }

  public ResponseEntity<Object> one(AdminCaller admin, UUID id) {
    Caller caller = Admins.require(admin, Permission.POLICIES_READ);
    return records
        .find(caller.tenantId(), id)
        .<ResponseEntity<Object>>map(stored -> ResponseEntity.ok(full(stored)))
        .orElseGet(PolicyDesk::missing);
  }

  public ResponseEntity<Object> draft(TenantAdmin admin, UUID id, String text) {
    Caller caller = Admins.require(admin, Permission.POLICIES_WRITE);
    return answer(
        trail.change(
            admin,
            "policy.draft.update",
            id,
            (entry, stored) -> entry.with("name", stored.name()),
            () -> policies.draft(caller, id, text)),
        HttpStatus.OK,
        PolicyDesk::full);
  }

  public ResponseEntity<Object> publish(TenantAdmin admin, UUID id) {
    Caller caller = Admins.require(admin, Permission.POLICIES_WRITE);
    return answer(
        trail.change(
            admin,
            "policy.publish",
            id,
            (entry, version) ->
                entry.with("version", version.number()).with("content_hash", version.hash()),
            () -> policies.publish(caller, id)),
        HttpStatus.OK,
        PolicyDesk::version);
  }

  public ResponseEntity<Object> rollBack(TenantAdmin admin, UUID id, int version) {
    Caller caller = Admins.require(admin, Permission.POLICIES_WRITE);
    return answer(
        trail.change(
            admin,
            "policy.activate",
            id,
            (entry, _) -> entry.with("version", version == 0 ? "none" : version),
            () -> policies.rollBack(caller, id, version)),
        HttpStatus.OK,
        PolicyDesk::brief);
  }

  public ResponseEntity<Object> versions(AdminCaller admin, UUID id) {
    Caller caller = Admins.require(admin, Permission.POLICIES_READ);
    if (records.find(caller.tenantId(), id).isEmpty()) {
      return missing();
    }
    return ResponseEntity.ok(
        records.versions(caller.tenantId(), id).stream().map(PolicyDesk::version).toList());
  }

  /** 0 stands for the draft. */
  public ResponseEntity<Object> diff(AdminCaller admin, UUID id, int from, int to) {
    Caller caller = Admins.require(admin, Permission.POLICIES_READ);
    var before = policies.content(caller, id, from);
    var after = policies.content(caller, id, to);
    return before.isEmpty() || after.isEmpty()
        ? missing()
        : ResponseEntity.ok(PolicyDiff.between(before.get(), after.get()));
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
  public record Trial(String text, Stage stage, int version, boolean json) {}

  public ResponseEntity<Object> test(AdminCaller admin, UUID id, Trial trial) {
    Caller caller = Admins.require(admin, Permission.POLICIES_WRITE);
    StreamGuard.Form form = trial.json() ? StreamGuard.Form.JSON : StreamGuard.Form.TEXT;
    return answer(
        policies.test(caller, id, trial.version(), trial.stage().rules(), form, trial.text()),
        HttpStatus.OK,
        PolicyDesk::tested);
  }

  /**
   * What a draft is tried on.
   *
   * @param texts null for those of opted-in traffic
   * @param stage as what the texts are judged
   */
  public record Replay(@Nullable List<String> texts, Stage stage) {}

  public ResponseEntity<Object> dryRun(AdminCaller admin, UUID id, Replay replay) {
    Caller caller = Admins.require(admin, Permission.POLICIES_WRITE);
    return answer(
        dryRun.run(caller, id, replay.texts(), replay.stage().rules()),
        HttpStatus.OK,
        result -> result);
  }

  private static Map<String, @Nullable Object> brief(PolicyRecords.Stored stored) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", stored.id());
    fields.put("name", stored.name());
    fields.put("scope", stored.scope().kind().wireName());
    fields.put("scope_value", stored.scope().value());
    fields.put("active_version", stored.activeVersion());
    fields.put("updated_at", stored.updatedAt());
    return fields;
  }

  private static Map<String, @Nullable Object> full(PolicyRecords.Stored stored) {
    Map<String, @Nullable Object> fields = brief(stored);
    fields.put("draft", stored.draft());
    return fields;
  }

  private static Map<String, Object> version(PolicyRecords.Version version) {
    return Map.of(
        "version", version.number(),
        "content_hash", version.hash(),
        "content", version.content(),
        "published_by", version.publishedBy(),
        "published_at", version.publishedAt());
  }

  private static Map<String, Object> tested(GuardedText judged) {
    List<Map<String, Object>> findings = new ArrayList<>();
    for (Finding finding : judged.findings()) {
      findings.add(
          Map.of(
              "rule", finding.rule().id(),
              "category", finding.rule().category(),
              "score", finding.score(),
              "start", finding.start(),
              "end", finding.end(),
              "action", Verdicts.wireName(finding.action()),
              "failure", finding.failure()));
    }
    return Map.of("blocked", judged.block() != null, "text", judged.text(), "findings", findings);
  }

  private static <T> ResponseEntity<Object> answer(
      PolicyService.Outcome<T> outcome, HttpStatus status, Function<T, Object> body) {
    return switch (outcome) {
      case PolicyService.Done<T>(T value) -> ResponseEntity.status(status).body(body.apply(value));
      case PolicyService.NotFound<T>() -> missing();
      case PolicyService.Conflict<T>(String message) -> problem(HttpStatus.CONFLICT, message);
      case PolicyService.NoScope<T>(PolicyScope scope) ->
          invalid(
              "The scope is not valid",
              List.of(
                  new PolicyProblem(
                      "scope_value", "names no " + scope.kind().wireName() + " of yours")));
      case PolicyService.Invalid<T>(List<PolicyProblem> problems) ->
          invalid("The policy is not valid", problems);
    };
  }

  private static ResponseEntity<Object> invalid(String message, List<PolicyProblem> problems) {
    ProblemDetail detail =
        ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, message);
    detail.setProperty("problems", problems);
    return ResponseEntity.status(HttpStatus.UNPROCESSABLE_CONTENT).body(detail);
  }

  private static ResponseEntity<Object> missing() {
    return problem(HttpStatus.NOT_FOUND, "There is no such policy or version");
  }

  private static ResponseEntity<Object> problem(HttpStatus status, String message) {
    return ResponseEntity.status(status).body(ProblemDetail.forStatusAndDetail(status, message));
  }
}
