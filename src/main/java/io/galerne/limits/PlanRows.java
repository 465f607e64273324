package io.galerne.limits;

import io.galerne.database.TenantTransactions;
import io.galerne.limits.RateLimits.TokenLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads plans and their versions. */
@Component
class PlanRows {
  private static final int VERSIONS_MAX = 100;

  private final JdbcClient jdbc;

  PlanRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Key(String id, int version) {}

  /** The newest version of one plan, or of each if it is null. */
  List<PlanDetails> newest(@Nullable String id) {
    return withModels(
        jdbc.sql(
                """
                select distinct on (id) * from plan
                where cast(:id as text) is null or id = :id order by id, version desc
                """)
            .param("id", id, Types.VARCHAR)
            .query((row, _) -> plan(row))
            .list());
  }

  List<PlanDetails> versions(String id) {
    return withModels(
        jdbc.sql("select * from plan where id = ? order by version desc limit ?")
            .params(id, VERSIONS_MAX)
            .query((row, _) -> plan(row))
            .list());
  }

  long count() {
    return jdbc.sql("select count(distinct id) from plan").query(Long.class).single();
  }

  Map<String, Long> organizations() {
    TenantTransactions.setForTransaction(jdbc, "galerne.operator", "on");
    Map<String, Long> counts = new HashMap<>();
    jdbc.sql("select plan, count(*) as organizations from tenant group by plan")
        .query(
            row -> {
              counts.put(row.getString("plan"), row.getLong("organizations"));
            });
    return counts;
  }

  private List<PlanDetails> withModels(List<PlanDetails> plans) {
    if (plans.isEmpty()) {
      return plans;
    }
    Map<Key, SortedMap<String, TokenLimits>> models = new HashMap<>();
    jdbc.sql("select * from plan_model_limit where plan_id = any (?)")
        .param(plans.stream().map(PlanDetails::id).distinct().toArray(String[]::new))
        .query(
            row -> {
              models
                  .computeIfAbsent(
                      new Key(row.getString("plan_id"), row.getInt("plan_version")),
                      _ -> new TreeMap<>())
                  .put(
                      row.getString("model"),
                      new TokenLimits(
                          row.getObject("tokens_per_minute", Long.class),
                          row.getObject("tokens_per_month", Long.class)));
            });
    List<PlanDetails> whole = new ArrayList<>();
    for (PlanDetails plan : plans) {
      SortedMap<String, TokenLimits> own = models.get(new Key(plan.id(), plan.version()));
      whole.add(own == null ? plan : withModels(plan, own));
    }
    return whole;
  }

  private static PlanDetails withModels(PlanDetails plan, SortedMap<String, TokenLimits> models) {
    PlanTerms terms = plan.terms();
    return new PlanDetails(
        plan.id(),
        plan.version(),
        plan.createdAt(),
        new PlanTerms(
            terms.requestsPerSecond(),
            terms.requestsBurst(),
            terms.tokensPerMinute(),
            terms.tokensPerMonth(),
            terms.spendCapMicros(),
            terms.weight(),
            terms.waitingShare(),
            models));
  }

  private static PlanDetails plan(ResultSet row) throws SQLException {
    return new PlanDetails(
        row.getString("id"),
        row.getInt("version"),
        row.getTimestamp("created_at").toInstant(),
        new PlanTerms(
            row.getObject("requests_per_second", Double.class),
            row.getObject("requests_burst", Integer.class),
            row.getObject("tokens_per_minute", Long.class),
            row.getObject("tokens_per_month", Long.class),
            row.getObject("spend_cap_micros", Long.class),
            row.getDouble("weight"),
            row.getObject("waiting_share", Double.class),
            new TreeMap<>()));
  }
}
