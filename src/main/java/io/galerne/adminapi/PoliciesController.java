package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.moderation.PolicyDesk;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/policies}: a tenant's own policies, in YAML or JSON. */
@RestController
class PoliciesController {
  private static final int POLICY_BYTES_MAX = 1_000_000;
  private static final int TRIAL_MAX = 100_000;
  private static final int VERSION_MAX = 1_000_000;
  private static final int SCOPE_MAX = 200;

  private final PolicyDesk desk;
  private final AdminRequests requests;

  PoliciesController(PolicyDesk desk, AdminRequests requests) {
    this.desk = desk;
    this.requests = requests;
  }

  @GetMapping("/v1/admin/policies")
  @Requires(Permission.POLICIES_READ)
  List<Map<String, @Nullable Object>> list(@AuthenticationPrincipal TenantAdmin caller) {
    return desk.list(caller);
  }

  @PostMapping("/v1/admin/policies")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> create(
      @AuthenticationPrincipal TenantAdmin caller, HttpServletRequest request) {
    String scope = parameter(request, "scope", "organization");
    return desk.create(caller, scope, parameter(request, "scope_value", ""), policy(request));
  }

  @PostMapping("/v1/admin/policies/validate")
  @Requires(Permission.POLICIES_WRITE)
  Map<String, Object> validate(HttpServletRequest request) {
    return desk.validate(policy(request));
  }

  @GetMapping("/v1/admin/policies/{policy_id}")
  @Requires(Permission.POLICIES_READ)
  ResponseEntity<Object> one(
      @AuthenticationPrincipal TenantAdmin caller, @PathVariable("policy_id") String id) {
    return desk.one(caller, Query.id("policy_id", id));
  }

  @PutMapping("/v1/admin/policies/{policy_id}/draft")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> draft(
      @AuthenticationPrincipal TenantAdmin caller,
      @PathVariable("policy_id") String id,
      HttpServletRequest request) {
    return desk.draft(caller, Query.id("policy_id", id), policy(request));
  }

  @PostMapping("/v1/admin/policies/{policy_id}/publish")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> publish(
      @AuthenticationPrincipal TenantAdmin caller, @PathVariable("policy_id") String id) {
    return desk.publish(caller, Query.id("policy_id", id));
  }

  /** 0 puts the policy out of force. */
  @PostMapping("/v1/admin/policies/{policy_id}/rollback")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> rollBack(
      @AuthenticationPrincipal TenantAdmin caller,
      @PathVariable("policy_id") String id,
      HttpServletRequest request) {
    Query query = Query.of(request);
    int version = query.integer("version", 0, 0, VERSION_MAX);
    query.check();
    return desk.rollBack(caller, Query.id("policy_id", id), version);
  }

  @GetMapping("/v1/admin/policies/{policy_id}/versions")
  @Requires(Permission.POLICIES_READ)
  ResponseEntity<Object> versions(
      @AuthenticationPrincipal TenantAdmin caller, @PathVariable("policy_id") String id) {
    return desk.versions(caller, Query.id("policy_id", id));
  }

  /** 0 stands for the draft. */
  @GetMapping("/v1/admin/policies/{policy_id}/diff")
  @Requires(Permission.POLICIES_READ)
  ResponseEntity<Object> diff(
      @AuthenticationPrincipal TenantAdmin caller,
      @PathVariable("policy_id") String id,
      HttpServletRequest request) {
    Query query = Query.of(request);
    int from = query.integer("from", 0, 0, VERSION_MAX);
    int to = query.integer("to", 0, 0, VERSION_MAX);
    query.check();
    return desk.diff(caller, Query.id("policy_id", id), from, to);
  }

  /** Tries a text on a version, or on the draft. */
  @PostMapping("/v1/admin/policies/{policy_id}/test")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> test(
      @AuthenticationPrincipal TenantAdmin caller,
      @PathVariable("policy_id") String id,
      HttpServletRequest request) {
    PolicyDesk.Trial trial =
        requests.object(
            request,
            Set.of("text", "stage", "version"),
            fields -> {
              Long version = fields.integer("version", 0, VERSION_MAX);
              return new PolicyDesk.Trial(
                  fields.requiredText("text", TRIAL_MAX),
                  fields.text("stage", SCOPE_MAX),
                  version == null ? null : version.intValue(),
                  null);
            });
    return desk.test(caller, Query.id("policy_id", id), trial);
  }

  /** Judges recent opted-in traffic by the draft and by what is in force. */
  @PostMapping("/v1/admin/policies/{policy_id}/dry-run")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> dryRun(
      @AuthenticationPrincipal TenantAdmin caller, @PathVariable("policy_id") String id) {
    return desk.dryRun(caller, Query.id("policy_id", id), new PolicyDesk.Replay(null));
  }

  private static String parameter(HttpServletRequest request, String name, String otherwise) {
    String value = request.getParameter(name);
    return value == null ? otherwise : value;
  }

  /** A policy is not JSON alone; one that is too long is told so by its reader. */
  private static String policy(HttpServletRequest request) {
    try {
      byte[] bytes = request.getInputStream().readNBytes(POLICY_BYTES_MAX + 1);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
