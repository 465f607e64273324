package io.galerne.limits;

import io.galerne.journal.Replica;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Admission in the database: one statement, so one round trip and one commit. Where no cap bounds
 * the request nothing is reserved, and the commit doesn't wait for the disk: a database that loses
 * its last moments (not a process that is killed) forgets what rates had counted in them. What is
 * owed is written by the ledger, which waits.
 */
@Component
class ReservationTable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JdbcClient jdbc;
  private final Replica replica;

  ReservationTable(JdbcClient jdbc, Replica replica) {
    this.jdbc = jdbc;
    this.replica = replica;
  }

  /**
   * What a request needs, in 1e-12 units.
   *
   * @param alone the least that is of use where nobody else has a reservation
   * @param beside the least where others have
   * @param want the most
   */
  record Need(long alone, long beside, long want) {}

  /**
   * @param verdict admitted, rate, quota, cap or reserved
   * @param hit which of the buckets, quotas or scopes denied it, from 0
   * @param granted in 1e-12 units; null where nothing caps it
   * @param capMicros of what denied it: micro-units, or tokens of a quota
   */
  record Answer(
      String verdict,
      int hit,
      double waitSeconds,
      double[] levels,
      @Nullable Long granted,
      long capMicros,
      long spentMicros) {}

  Answer admit(Demand demand, Terms terms, Buckets buckets, Need need) {
    List<Buckets.Bucket> rates = buckets.buckets();
    List<Buckets.Quota> quotas = buckets.quotas();
    return jdbc.sql(
            """
            select a.*, case when ? then set_config('synchronous_commit', 'off', true) end
            from galerne_admit(?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz,
                ?::text[], ?::double precision[], ?::double precision[], ?::double precision[],
                ?::boolean[], ?::text[], ?::bigint[], ?::bigint[], ?, ?, ?) a
            """)
        .param(!terms.capped() && quotas.isEmpty())
        .param(demand.requestId())
        .param(demand.caller().tenantId())
        .param(demand.caller().workspaceId())
        .param(demand.caller().apiKeyId())
        .param(terms.keyLine())
        .param(replica.id())
        .param(JSON.writeValueAsString(demand.source()))
        .param(demand.promptTokens())
        .param(demand.startedAt().toString())
        .param(rates.stream().map(Buckets.Bucket::name).toArray(String[]::new))
        .param(rates.stream().mapToDouble(Buckets.Bucket::capacity).toArray())
        .param(rates.stream().mapToDouble(Buckets.Bucket::rate).toArray())
        .param(rates.stream().mapToDouble(Buckets.Bucket::cost).toArray())
        .param(
            rates.stream()
                .map(bucket -> bucket.unit() == Decision.Unit.TOKENS)
                .toArray(Boolean[]::new))
        .param(quotas.stream().map(Buckets.Quota::name).toArray(String[]::new))
        .param(quotas.stream().mapToLong(Buckets.Quota::max).toArray())
        .param(new Long[] {terms.planCapMicros(), null, terms.keyCapMicros()})
        .param(need.alone())
        .param(need.beside())
        .param(need.want())
        .query((row, _) -> answer(row))
        .single();
  }

  private static Answer answer(ResultSet row) throws SQLException {
    String verdict = row.getString("verdict");
    boolean money = verdict.equals("cap") || verdict.equals("reserved");
    long unit = money ? 1_000_000 : 1;
    return new Answer(
        verdict,
        row.getInt("hit") - 1,
        row.getDouble("wait_seconds"),
        levels(row.getArray("levels")),
        row.getObject("granted", Long.class),
        whole(row.getBigDecimal("cap"), unit),
        whole(row.getBigDecimal("spent"), unit));
  }

  private static long whole(@Nullable BigDecimal value, long unit) {
    return value == null ? 0 : value.divideToIntegralValue(BigDecimal.valueOf(unit)).longValue();
  }

  private static double[] levels(@Nullable Array array) throws SQLException {
    if (array == null) {
      return new double[0];
    }
    Double[] boxed = (Double[]) array.getArray();
    double[] levels = new double[boxed.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = boxed[i];
    }
    return levels;
  }

  void cancel(UUID requestId, UUID tenantId) {
    jdbc.sql("select galerne_cancel(?, ?)").params(requestId, tenantId).query().listOfRows();
  }
}
