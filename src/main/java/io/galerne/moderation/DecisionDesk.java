package io.galerne.moderation;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller;
import io.galerne.identity.Caller;
import io.galerne.identity.Permission;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What was decided, for audits and charts. */
@Component
public class DecisionDesk {
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "request_id",
          "decided_at",
          "workspace_id",
          "api_key_id",
          "model",
          "stage",
          "policy_version",
          "rule_id",
          "detector",
          "category",
          "score",
          "span_start",
          "span_end",
          "action",
          "failure");

  private static final int OF_REQUEST_MAX = 400;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  DecisionDesk(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /** How decisions are written. */
  public enum Format {
    JSON,
    /** An object a line. */
    JSONL,
    CSV
  }

  /**
   * Which decisions are wanted.
   *
   * @param from first day, in UTC
   * @param to last day
   * @param after the id of the decision behind which to go on, or null
   */
  public record Wanted(
      LocalDate from,
      LocalDate to,
      @Nullable String category,
      @Nullable String detector,
      @Nullable String action,
      @Nullable UUID requestId,
      @Nullable UUID after,
      int limit) {}

  public ResponseEntity<Object> decisions(AdminCaller admin, Wanted wanted, Format format) {
    List<Map<String, @Nullable Object>> rows = rows(admin, wanted);
    return switch (format) {
      case JSON -> ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(rows);
      case JSONL ->
          file(
              "application/jsonl",
              rows.stream()
                  .map(row -> MAPPER.writeValueAsString(row) + "\n")
                  .collect(Collectors.joining()));
      case CSV -> file("text/csv;charset=utf-8", csv(rows));
    };
  }

  /** Decisions by the names of their columns, the latest first. */
  public List<Map<String, @Nullable Object>> rows(AdminCaller admin, Wanted wanted) {
    return rows(Admins.require(admin, Permission.POLICIES_READ).tenantId(), wanted);
  }

  /** What was decided of one request, up to a bound. */
  public List<Map<String, @Nullable Object>> ofRequest(AdminCaller admin, UUID requestId) {
    LocalDate first = LocalDate.of(2000, 1, 1);
    LocalDate last = LocalDate.of(2200, 1, 1);
    return rows(admin, new Wanted(first, last, null, null, null, requestId, null, OF_REQUEST_MAX));
  }

  private static ResponseEntity<Object> file(String type, String content) {
    String name = type.startsWith("text/csv") ? "decisions.csv" : "decisions.jsonl";
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(type))
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .body(content);
  }

  private List<Map<String, @Nullable Object>> rows(UUID tenant, Wanted wanted) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql(
                    """
                    select %s
                    from moderation_decision
                    where tenant_id = :tenant and expires_at > now()
                      and decided_at >= :from and decided_at < :to
                      and (cast(:category as text) is null or category = :category)
                      and (cast(:detector as text) is null or detector = :detector)
                      and (cast(:action as text) is null or action = :action)
                      and (cast(:request as uuid) is null or request_id = :request)
                      and (cast(:after as uuid) is null or (decided_at, id) <
                        (select decided_at, id from moderation_decision
                         where tenant_id = :tenant and id = :after))
                    order by decided_at desc, id desc limit :limit
                    """
                        .formatted(String.join(", ", COLUMNS)))
                .param("tenant", tenant)
                .param("from", begin(wanted.from()))
                .param("to", begin(wanted.to().plusDays(1)))
                .param("category", wanted.category())
                .param("detector", wanted.detector())
                .param("action", wanted.action())
                .param("request", wanted.requestId())
                .param("after", wanted.after())
                .param("limit", wanted.limit())
                .query(
                    (row, _) -> {
                      Map<String, @Nullable Object> values = new LinkedHashMap<>();
                      for (String column : COLUMNS) {
                        Object value = row.getObject(column);
                        values.put(
                            column, value instanceof Timestamp time ? time.toInstant() : value);
                      }
                      return values;
                    })
                .list());
  }

  private static Timestamp begin(LocalDate day) {
    return Timestamp.from(day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /** By day in UTC, the latest first. */
  public List<Map<String, @Nullable Object>> counts(
      AdminCaller admin, LocalDate from, LocalDate to) {
    Caller caller = Admins.require(admin, Permission.POLICIES_READ);
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    select cast(cast(decided_at at time zone 'UTC' as date) as text) as day,
                        category, stage, action, count(*) as decisions
                    from moderation_decision
                    where tenant_id = ? and expires_at > now()
                      and decided_at >= ? and decided_at < ?
                    group by 1, 2, 3, 4 order by 1 desc, 2, 3, 4 limit 10000
                    """)
                .params(caller.tenantId(), begin(from), begin(to.plusDays(1)))
                .query()
                .listOfRows());
  }

  private static String csv(List<Map<String, @Nullable Object>> rows) {
    StringBuilder csv = new StringBuilder(String.join(",", COLUMNS)).append("\r\n");
    rows.forEach(
        row ->
            csv.append(
                    row.values().stream().map(DecisionDesk::cell).collect(Collectors.joining(",")))
                .append("\r\n"));
    return csv.toString();
  }

  /** Quoted, and harmless in a spreadsheet. */
  static String cell(@Nullable Object value) {
    String text = value == null ? "" : value.toString();
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return '"' + safe.replace("\"", "\"\"") + '"';
  }
}
