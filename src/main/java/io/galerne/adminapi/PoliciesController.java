package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.moderation.Policies;
import io.galerne.moderation.PolicyDesk;
import io.galerne.moderation.PolicyScope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/policies}: a tenant's own policies, in YAML or JSON. */
@RestController
@Tag(name = "Policies")
class PoliciesController {
  private static final int TRIAL_MAX = 100_000;
  private static final int TRIALS_MAX = 500;
  private static final int VERSION_MAX = 1_000_000;
  private static final int STAGE_MAX = 20;

  private final PolicyDesk desk;
  private final AdminRequests requests;

  PoliciesController(PolicyDesk desk, AdminRequests requests) {
    this.desk = desk;
    this.requests = requests;
  }

  @Operation(operationId = "listPolicies", summary = "Lists the policies")
  @GetMapping("/v1/admin/policies")
  @Requires(Permission.POLICIES_READ)
  List<Map<String, @Nullable Object>> list(@AuthenticationPrincipal TenantAdmin caller) {
    return desk.list(caller);
  }

  @Operation(
      operationId = "createPolicy",
      summary = "Makes a policy, as a draft",
      parameters = {
        @Parameter(
            name = "scope",
            in = ParameterIn.QUERY,
            description = "organization, workspace, key, model or deployment"),
        @Parameter(
            name = "scope_value",
            in = ParameterIn.QUERY,
            description = "The workspace's or key's id, the model, or the weights")
      })
  @PolicyBody
  @PostMapping("/v1/admin/policies")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> create(
      @AuthenticationPrincipal TenantAdmin caller, HttpServletRequest request) {
    String policy = PolicyBody.Reader.read(request); // parameters of a form would be its body
    return desk.create(caller, scope(request), policy);
  }

  private static PolicyScope scope(HttpServletRequest request) {
    Query query = Query.of(request);
    String name = query.text("scope");
    String value = query.text("scope_value");
    query.check();
    PolicyScope.Kind kind = name == null ? PolicyScope.Kind.ORGANIZATION : kind(name);
    if ((value == null) != (kind == PolicyScope.Kind.ORGANIZATION)) {
      throw Days.wrong(
          "query",
          "scope_value",
          "Input is needed for a workspace, a key, a model or a deployment, and for them only",
          value == null ? "" : value);
    }
    return new PolicyScope(kind, value == null ? "" : value);
  }

  private static PolicyScope.Kind kind(String name) {
    for (PolicyScope.Kind kind : PolicyScope.Kind.values()) {
      if (kind.wireName().equals(name)) {
        return kind;
      }
    }
    throw Days.wrong(
        "query",
        "scope",
        "Input should be organization, workspace, key, model or deployment",
        name);
  }

  @Operation(operationId = "validatePolicy", summary = "Says what is wrong with a policy")
  @PolicyBody
  @PostMapping("/v1/admin/policies/validate")
  @Requires(Permission.POLICIES_WRITE)
  Map<String, Object> validate(HttpServletRequest request) {
    return desk.validate(PolicyBody.Reader.read(request));
  }

  @Operation(operationId = "policySchema", summary = "The JSON Schema of policies")
  @GetMapping(path = "/v1/admin/policies/schema", produces = "application/schema+json")
  @Requires(Permission.POLICIES_READ)
  ResponseEntity<String> schema() {
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("application/schema+json"))
        .body(desk.schema());
  }

  @Operation(operationId = "getPolicy", summary = "A policy with its draft")
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @GetMapping("/v1/admin/policies/{policy_id}")
  @Requires(Permission.POLICIES_READ)
  ResponseEntity<Object> one(
      @AuthenticationPrincipal TenantAdmin caller, @PathVariable("policy_id") String id) {
    return desk.one(caller, id(id));
  }

  @Operation(operationId = "draftPolicy", summary = "Replaces the draft")
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @PolicyBody
  @PutMapping("/v1/admin/policies/{policy_id}/draft")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> draft(
      @AuthenticationPrincipal TenantAdmin caller,
      @PathVariable("policy_id") String id,
      HttpServletRequest request) {
    return desk.draft(caller, id(id), PolicyBody.Reader.read(request));
  }

  @Operation(
      operationId = "publishPolicy",
      summary = "Makes the draft a version, and puts it in force")
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @PostMapping("/v1/admin/policies/{policy_id}/publish")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> publish(
      @AuthenticationPrincipal TenantAdmin caller, @PathVariable("policy_id") String id) {
    return desk.publish(caller, id(id));
  }

  /** 0 puts the policy out of force. */
  @Operation(
      operationId = "rollBackPolicy",
      summary = "Puts an earlier version in force again, or with 0 none",
      parameters = @Parameter(name = "version", in = ParameterIn.QUERY, required = true))
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @PostMapping("/v1/admin/policies/{policy_id}/rollback")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> rollBack(
      @AuthenticationPrincipal TenantAdmin caller,
      @PathVariable("policy_id") String id,
      HttpServletRequest request) {
    Query query = Query.of(request);
    int version = query.integer("version", -1, 0, VERSION_MAX);
    query.check();
    if (version < 0) {
      throw Days.wrong("query", "version", "Field required", "");
    }
    return desk.rollBack(caller, id(id), version);
  }

  @Operation(operationId = "listPolicyVersions", summary = "Lists the published versions")
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @GetMapping("/v1/admin/policies/{policy_id}/versions")
  @Requires(Permission.POLICIES_READ)
  ResponseEntity<Object> versions(
      @AuthenticationPrincipal TenantAdmin caller, @PathVariable("policy_id") String id) {
    return desk.versions(caller, id(id));
  }

  /** 0 stands for the draft. */
  @Operation(
      operationId = "diffPolicy",
      summary = "In what two versions differ; 0 is the draft",
      parameters = {
        @Parameter(name = "from", in = ParameterIn.QUERY),
        @Parameter(name = "to", in = ParameterIn.QUERY)
      })
  @ApiResponse(responseCode = "404", ref = "NotFound")
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
    return desk.diff(caller, id(id), from, to);
  }

  /** Tries a text on a version, or on the draft. */
  @Operation(operationId = "testPolicy", summary = "Tries a text on the draft or a version")
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @PostMapping("/v1/admin/policies/{policy_id}/test")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> test(
      @AuthenticationPrincipal TenantAdmin caller,
      @PathVariable("policy_id") String id,
      HttpServletRequest request) {
    UUID policy = id(id);
    Policies.Trial trial =
        requests.object(
            request,
            Set.of("text", "stage", "version", "json"),
            fields -> {
              Long version = fields.integer("version", 0, VERSION_MAX);
              return new Policies.Trial(
                  fields.requiredLines("text", TRIAL_MAX),
                  stage(fields, Policies.Stage.OUTPUT),
                  version == null ? 0 : version.intValue(),
                  fields.has("json") && fields.flag("json"));
            });
    return desk.test(caller, policy, trial);
  }

  /** Judges texts, or recent opted-in traffic, by the draft and by what is in force. */
  @Operation(
      operationId = "dryRunPolicy",
      summary = "What the draft would change: for given texts, or for recent traffic that was kept")
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @PostMapping("/v1/admin/policies/{policy_id}/dry-run")
  @Requires(Permission.POLICIES_WRITE)
  ResponseEntity<Object> dryRun(
      @AuthenticationPrincipal TenantAdmin caller,
      @PathVariable("policy_id") String id,
      HttpServletRequest request) {
    UUID policy = id(id);
    Policies.Replay replay =
        isEmpty(request)
            ? new Policies.Replay(null, Policies.Stage.BOTH)
            : requests.object(
                request,
                Set.of("texts", "stage"),
                fields ->
                    new Policies.Replay(
                        fields.has("texts") && !fields.isNull("texts")
                            ? fields.texts("texts", TRIALS_MAX, TRIAL_MAX)
                            : null,
                        stage(fields, Policies.Stage.BOTH)));
    return desk.dryRun(caller, policy, replay);
  }

  private static boolean isEmpty(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    return length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null);
  }

  private static Policies.Stage stage(Fields fields, Policies.Stage otherwise) {
    String name = fields.text("stage", STAGE_MAX);
    if (name == null) {
      return otherwise;
    }
    for (Policies.Stage stage : Policies.Stage.values()) {
      boolean taken = stage != Policies.Stage.BOTH || otherwise == Policies.Stage.BOTH;
      if (taken && stage.name().toLowerCase(Locale.ROOT).equals(name)) {
        return stage;
      }
    }
    fields.wrong("stage", "enum", "Input should be 'input' or 'output'");
    return otherwise;
  }

  private static UUID id(String text) {
    return Query.id("policy_id", text);
  }
}
