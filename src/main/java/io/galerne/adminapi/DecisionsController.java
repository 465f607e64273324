package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.moderation.DecisionDesk;
import io.galerne.moderation.DecisionDesk.Wanted;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/moderation}: what policies decided, for audits and charts. */
@RestController
@Tag(name = "Policies")
class DecisionsController {
  private static final int ROWS_MAX = 10_000;
  private static final int DAYS = 90;

  private final DecisionDesk desk;
  private final Clock clock;

  DecisionsController(DecisionDesk desk, Clock clock) {
    this.desk = desk;
    this.clock = clock;
  }

  @Operation(
      operationId = "listDecisions",
      summary = "What policies decided, the latest first",
      parameters = {
        @Parameter(name = "format", in = ParameterIn.QUERY, description = "json, jsonl or csv"),
        @Parameter(name = "from", in = ParameterIn.QUERY, description = "First day, in UTC"),
        @Parameter(name = "to", in = ParameterIn.QUERY, description = "Last day"),
        @Parameter(name = "category", in = ParameterIn.QUERY),
        @Parameter(name = "detector", in = ParameterIn.QUERY),
        @Parameter(name = "action", in = ParameterIn.QUERY),
        @Parameter(name = "request_id", in = ParameterIn.QUERY),
        @Parameter(
            name = "after",
            in = ParameterIn.QUERY,
            description = "The id of the last decision that was had already"),
        @Parameter(name = "limit", in = ParameterIn.QUERY)
      })
  @GetMapping(
      path = "/v1/admin/moderation/decisions",
      produces = {"application/json", "application/jsonl", "text/csv"})
  @Requires(Permission.POLICIES_READ)
  ResponseEntity<Object> decisions(
      @AuthenticationPrincipal TenantAdmin caller, HttpServletRequest request) {
    Query query = Query.of(request);
    int limit = query.integer("limit", 1000, 1, ROWS_MAX);
    Wanted wanted =
        new Wanted(
            Days.day(query, "from", LocalDate.of(2000, 1, 1)),
            Days.day(query, "to", today()),
            query.text("category"),
            query.text("detector"),
            query.text("action"),
            Days.id(query, "request_id"),
            Days.id(query, "after"),
            limit);
    DecisionDesk.Format format = format(query.text("format"));
    query.check();
    return desk.decisions(caller, wanted, format);
  }

  private static DecisionDesk.Format format(@Nullable String name) {
    return switch (name) {
      case null -> DecisionDesk.Format.JSON;
      case "json" -> DecisionDesk.Format.JSON;
      case "jsonl" -> DecisionDesk.Format.JSONL;
      case "csv" -> DecisionDesk.Format.CSV;
      default ->
          throw Days.wrong("query", "format", "Input should be 'json', 'jsonl' or 'csv'", name);
    };
  }

  private LocalDate today() {
    return LocalDate.now(clock.withZone(ZoneOffset.UTC));
  }

  @Operation(
      operationId = "countDecisions",
      summary = "How many decisions there were, by day, category, stage and action",
      parameters = {
        @Parameter(name = "from", in = ParameterIn.QUERY, description = "First day, in UTC"),
        @Parameter(name = "to", in = ParameterIn.QUERY, description = "Last day")
      })
  @GetMapping("/v1/admin/moderation/counts")
  @Requires(Permission.POLICIES_READ)
  List<Map<String, @Nullable Object>> counts(
      @AuthenticationPrincipal TenantAdmin caller, HttpServletRequest request) {
    Query query = Query.of(request);
    LocalDate to = Days.day(query, "to", today());
    LocalDate from = Days.day(query, "from", to.minusDays(DAYS));
    query.check();
    return desk.counts(caller, from, to);
  }
}
