package io.galerne.moderation;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller;
import io.galerne.identity.Caller;
import io.galerne.identity.Permission;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was decided, for audits and charts. */
@Component
public class DecisionDesk {
  private static final int ROWS_MAX = 10_000;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  DecisionDesk(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  public ResponseEntity<Object> decisions(AdminCaller admin, String format, int limit) {
    Caller caller = Admins.require(admin, Permission.POLICIES_READ);
    List<Map<String, @Nullable Object>> rows =
        transactions.inTenant(
            caller.tenantId(),
            () ->
                jdbc.sql(
                        """
                        select request_id, decided_at, workspace_id, api_key_id, model, stage,
                            policy_version, rule_id, detector, category, score, span_start,
                            span_end, action, failure
                        from moderation_decision where tenant_id = ?
                        order by decided_at desc, id limit ?
                        """)
                    .params(caller.tenantId(), Math.clamp(limit, 1, ROWS_MAX))
                    .query()
                    .listOfRows());
    return format.equals("csv")
        ? ResponseEntity.ok().contentType(MediaType.parseMediaType("text/csv")).body(csv(rows))
        : ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(rows);
  }

  public List<Map<String, @Nullable Object>> counts(AdminCaller admin) {
    Caller caller = Admins.require(admin, Permission.POLICIES_READ);
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    select date_trunc('day', decided_at) as day, category, stage, action,
                        count(*) as decisions
                    from moderation_decision where tenant_id = ?
                    group by 1, 2, 3, 4 order by 1 desc, 2, 3, 4 limit 1000
                    """)
                .param(caller.tenantId())
                .query()
                .listOfRows());
  }

  private static String csv(List<Map<String, @Nullable Object>> rows) {
    StringBuilder csv = new StringBuilder();
    if (!rows.isEmpty()) {
      csv.append(String.join(",", rows.getFirst().keySet())).append("\r\n");
    }
    rows.forEach(
        row ->
            csv.append(
                    row.values().stream().map(DecisionDesk::cell).collect(Collectors.joining(",")))
                .append("\r\n"));
    return csv.toString();
  }

  /** Quoted, and harmless in a spreadsheet. */
  private static String cell(@Nullable Object value) {
    String text = String.valueOf(value);
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return '"' + safe.replace("\"", "\"\"") + '"';
  }
}
