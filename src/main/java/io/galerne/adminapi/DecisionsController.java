package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Permission;
import io.galerne.moderation.DecisionDesk;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/moderation}: what policies decided, for audits and charts. */
@RestController
class DecisionsController {
  private static final int ROWS_MAX = 10_000;

  private final DecisionDesk desk;

  DecisionsController(DecisionDesk desk) {
    this.desk = desk;
  }

  @GetMapping("/v1/admin/moderation/decisions")
  @Requires(Permission.POLICIES_READ)
  ResponseEntity<Object> decisions(
      @AuthenticationPrincipal TenantAdmin caller, HttpServletRequest request) {
    Query query = Query.of(request);
    int limit = query.integer("limit", 1000, 1, ROWS_MAX);
    query.check();
    return desk.decisions(caller, String.valueOf(request.getParameter("format")), limit);
  }

  @GetMapping("/v1/admin/moderation/counts")
  @Requires(Permission.POLICIES_READ)
  List<Map<String, @Nullable Object>> counts(@AuthenticationPrincipal TenantAdmin caller) {
    return desk.counts(caller);
  }
}
