package io.galerne.moderation;

import io.galerne.identity.AdminCaller;
import io.galerne.identity.AdminCaller.TenantAdmin;
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

/** {@link Policies} as the Admin API answers: in fields, and in problems with their status. */
@Component
public class PolicyDesk {
  private final Policies policies;

  PolicyDesk(Policies policies) {
    this.policies = policies;
  }

  public List<Map<String, @Nullable Object>> list(AdminCaller admin) {
    return policies.list(admin).stream().map(PolicyDesk::brief).toList();
  }

  public ResponseEntity<Object> create(TenantAdmin admin, PolicyScope scope, String text) {
    return answer(policies.create(admin, scope, text), HttpStatus.CREATED, stored -> full(stored));
  }

  public Map<String, Object> validate(String text) {
    List<PolicyIssue> problems = policies.validate(text);
    return Map.of("valid", problems.isEmpty(), "problems", problems);
  }

  /** The JSON Schema of policies, as people's editors use it. */
  public String schema() {
    return PolicySchema.TEXT;
  }

  public ResponseEntity<Object> one(AdminCaller admin, UUID id) {
    return policies
        .find(admin, id)
        .<ResponseEntity<Object>>map(stored -> ResponseEntity.ok(full(stored)))
        .orElseGet(PolicyDesk::missing);
  }

  public ResponseEntity<Object> draft(TenantAdmin admin, UUID id, String text) {
    return answer(policies.draft(admin, id, text), HttpStatus.OK, PolicyDesk::full);
  }

  public ResponseEntity<Object> publish(TenantAdmin admin, UUID id) {
    return answer(policies.publish(admin, id), HttpStatus.OK, PolicyDesk::version);
  }

  public ResponseEntity<Object> rollBack(TenantAdmin admin, UUID id, int version) {
    return answer(policies.rollBack(admin, id, version), HttpStatus.OK, PolicyDesk::brief);
  }

  public ResponseEntity<Object> versions(AdminCaller admin, UUID id) {
    return answer(
        policies.versions(admin, id),
        HttpStatus.OK,
        versions -> versions.stream().map(PolicyDesk::version).toList());
  }

  /** 0 stands for the draft. */
  public ResponseEntity<Object> diff(AdminCaller admin, UUID id, int from, int to) {
    return answer(policies.diff(admin, id, from, to), HttpStatus.OK, changes -> changes);
  }

  public ResponseEntity<Object> test(AdminCaller admin, UUID id, Policies.Trial trial) {
    return answer(policies.test(admin, id, trial), HttpStatus.OK, tried -> tried);
  }

  public ResponseEntity<Object> dryRun(AdminCaller admin, UUID id, Policies.Replay replay) {
    return answer(policies.dryRun(admin, id, replay), HttpStatus.OK, result -> result);
  }

  private static Map<String, @Nullable Object> brief(StoredPolicy stored) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", stored.id());
    fields.put("name", stored.name());
    fields.put("scope", stored.scope().kind().wireName());
    fields.put("scope_value", stored.scope().value());
    fields.put("active_version", stored.activeVersion());
    fields.put("updated_at", stored.updatedAt());
    return fields;
  }

  private static Map<String, @Nullable Object> full(StoredPolicy stored) {
    Map<String, @Nullable Object> fields = brief(stored);
    fields.put("draft", stored.draft());
    return fields;
  }

  private static Map<String, Object> version(PolicyVersion version) {
    return Map.of(
        "version", version.number(),
        "content_hash", version.hash(),
        "content", version.content(),
        "published_by", version.publishedBy(),
        "published_at", version.publishedAt());
  }

  private static <T> ResponseEntity<Object> answer(
      PolicyOutcome<T> outcome, HttpStatus status, Function<T, Object> body) {
    return switch (outcome) {
      case PolicyOutcome.Done<T>(T value) -> ResponseEntity.status(status).body(body.apply(value));
      case PolicyOutcome.NotFound<T>() -> missing();
      case PolicyOutcome.Conflict<T>(String message) -> problem(HttpStatus.CONFLICT, message);
      case PolicyOutcome.NoScope<T>(PolicyScope scope) ->
          invalid(
              "The scope is not valid",
              List.of(
                  new PolicyIssue(
                      "scope_value", null, "names no " + scope.kind().wireName() + " of yours")));
      case PolicyOutcome.Invalid<T>(List<PolicyIssue> issues) ->
          invalid("The policy is not valid", issues);
    };
  }

  private static ResponseEntity<Object> invalid(String message, List<PolicyIssue> problems) {
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
