package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Permission;
import io.galerne.moderation.FloorDesk;
import io.galerne.moderation.FloorDesk.RuleInForce;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/platform/floor}: the policy that holds for every tenant, in YAML or JSON. */
@RestController
@Tag(name = "Policies")
class FloorController {
  private static final int VERSION_MAX = 1_000_000;

  private final FloorDesk floor;
  private final AdminRequests requests;

  FloorController(FloorDesk floor, AdminRequests requests) {
    this.floor = floor;
    this.requests = requests;
  }

  record VersionEntry(
      int version,
      @JsonProperty("content_hash") String contentHash,
      String content,
      @JsonProperty("published_at") Instant publishedAt) {}

  record Floor(
      @JsonProperty("active_version") @Nullable Integer activeVersion,
      @Nullable List<RuleInForce> configured,
      @Nullable List<RuleInForce> published,
      List<VersionEntry> versions) {}

  record Checked(boolean valid, List<FloorDesk.Problem> problems) {}

  record Active(@JsonProperty("active_version") @Nullable Integer activeVersion) {}

  @Operation(operationId = "getFloor", summary = "What holds for every tenant, and its versions")
  @GetMapping("/v1/admin/platform/floor")
  @Requires(Permission.TENANTS_READ)
  Floor get() {
    FloorDesk.State state = floor.state();
    return new Floor(
        state.active(),
        state.configured(),
        state.published(),
        floor.versions().stream()
            .map(
                each ->
                    new VersionEntry(
                        each.number(), each.hash(), each.content(), each.publishedAt()))
            .toList());
  }

  @Operation(operationId = "validateFloor", summary = "Says what is wrong with a floor")
  @PolicyBody
  @PostMapping("/v1/admin/platform/floor/validate")
  @Requires(Permission.TENANTS_WRITE)
  Checked validate(HttpServletRequest request) {
    List<FloorDesk.Problem> problems = floor.validate(PolicyBody.Reader.read(request));
    return new Checked(problems.isEmpty(), problems);
  }

  @Operation(operationId = "publishFloor", summary = "Makes a version and puts it in force")
  @PolicyBody
  @PostMapping("/v1/admin/platform/floor/publish")
  @Requires(Permission.TENANTS_WRITE)
  ResponseEntity<Object> publish(
      @AuthenticationPrincipal PlatformOperator operator, HttpServletRequest request) {
    return answer(floor.publish(operator, PolicyBody.Reader.read(request)));
  }

  @Operation(
      operationId = "activateFloor",
      summary = "Puts an earlier version in force; 0 takes the published floor away")
  @PostMapping("/v1/admin/platform/floor/activate")
  @Requires(Permission.TENANTS_WRITE)
  ResponseEntity<Object> activate(
      @AuthenticationPrincipal PlatformOperator operator, HttpServletRequest request) {
    int version =
        requests.object(
            request,
            Set.of("version"),
            fields -> {
              if (!fields.has("version") || fields.isNull("version")) {
                fields.wrong("version", "missing", "Field required");
              }
              return Objects.requireNonNullElse(fields.integer("version", 0, VERSION_MAX), 0L)
                  .intValue();
            });
    return answer(floor.activate(operator, version));
  }

  private static ResponseEntity<Object> answer(FloorDesk.Outcome outcome) {
    return switch (outcome) {
      case FloorDesk.Done(var active) -> ResponseEntity.ok(new Active(active));
      case FloorDesk.Unknown _ ->
          throw new ApiException(
              HttpStatus.NOT_FOUND,
              new ErrorEnvelope("There is no such version", "not_found", "version", null));
      case FloorDesk.Invalid(var problems) -> {
        ProblemDetail detail =
            ProblemDetail.forStatusAndDetail(
                HttpStatus.UNPROCESSABLE_CONTENT, "The policy is not valid");
        detail.setProperties(Map.of("problems", problems));
        yield ResponseEntity.status(HttpStatus.UNPROCESSABLE_CONTENT).body(detail);
      }
    };
  }
}
