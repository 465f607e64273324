package io.galerne.journal;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageSource;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Closes what others left open: the requests of dead replicas and the lines of spools. A request
 * that had begun to deliver gets its line with what is noted; one that had not leaves none. Doing
 * it twice, or by two replicas at once, changes nothing.
 */
@Component
class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final UsageLedger table;
  private final Spool spool;

  Recovery(
      JdbcClient jdbc,
      PlatformTransactionManager transactionManager,
      @Qualifier("jdbcUsageLedger") UsageLedger table,
      Spool spool) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactionManager);
    this.table = table;
    this.spool = spool;
  }

  private record Open(UsageRecord usage, boolean emitting) {}

  /** Closes all requests of a replica that is dead; returns how many there were. */
  int close(UUID replicaId) {
    return close(replicaId, Map.of());
  }

  private int close(UUID replicaId, Map<UUID, SpoolLine> spooled) {
    List<Open> open = open(replicaId);
    for (Open request : open) {
      UsageRecord usage = request.usage();
      if (spooled.containsKey(usage.requestId())) {
        continue;
      }
      if (request.emitting()) {
        table.record(usage);
      } else {
        jdbc.sql("select galerne_cancel(?, ?)")
            .params(usage.requestId(), usage.caller().tenantId())
            .query()
            .listOfRows();
      }
    }
    jdbc.sql("delete from replica where id = ?").param(replicaId).update();
    if (!open.isEmpty()) {
      log.info("closed {} requests of replica {}, which is dead", open.size(), replicaId);
    }
    return open.size();
  }

  private List<Open> open(UUID replicaId) {
    List<Open> open =
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.replica", replicaId.toString());
              return jdbc.sql("select * from reservation where replica_id = ?")
                  .param(replicaId)
                  .query((row, _) -> open(row))
                  .list();
            });
    return open == null ? List.of() : open;
  }

  private static Open open(ResultSet row) throws SQLException {
    Timestamp startedAt = row.getTimestamp("started_at");
    return new Open(
        new UsageRecord(
            row.getObject("request_id", UUID.class),
            new Caller(
                row.getObject("tenant_id", UUID.class),
                row.getObject("workspace_id", UUID.class),
                row.getObject("api_key_id", UUID.class)),
            JSON.readValue(row.getString("source"), UsageSource.class),
            new TokenCounts(
                row.getInt("prompt_tokens"),
                row.getInt("cached_prompt_tokens"),
                row.getInt("delivered_tokens")),
            UsageRecord.Outcome.INTERRUPTED,
            startedAt.toInstant(),
            Instant.now()),
        row.getBoolean("emitting"));
  }

  /** Takes over what earlier replicas of this directory left. */
  void takeOver() throws IOException {
    for (Spool.Left left : spool.left()) {
      boolean done = false;
      try {
        Map<UUID, SpoolLine> last = new LinkedHashMap<>();
        left.lines().forEach(line -> last.merge(line.requestId(), line, Recovery::later));
        last.values().forEach(line -> table.record(line.usage()));
        close(left.replicaId(), last);
        done = true;
      } finally {
        if (done) {
          left.delete();
        } else {
          left.keep();
        }
      }
    }
  }

  /** A line for the ledger is the last word; of notes, the later says more. */
  private static SpoolLine later(SpoolLine one, SpoolLine other) {
    return one.settled() ? one : other;
  }

  /** Writes this replica's own spool to the ledger, and its notes to their reservations. */
  void replay() throws IOException {
    while (!spool.isEmpty()) {
      List<SpoolLine> lines = spool.lines();
      lines.forEach(this::replay);
      if (spool.clear(lines.size())) {
        log.info("wrote {} lines of the spool to the ledger", lines.size());
        return;
      }
    }
  }

  /** A note whose request has no reservation is dropped: its line is written, or its next note. */
  private void replay(SpoolLine line) {
    if (line.settled()) {
      table.record(line.usage());
      return;
    }
    transactions.executeWithoutResult(
        _ -> {
          TenantTransactions.setForTransaction(jdbc, "galerne.tenant", line.tenantId().toString());
          jdbc.sql(
                  """
                  update reservation
                  set delivered_tokens = greatest(delivered_tokens, ?), emitting = true
                  where request_id = ?
                  """)
              .params(line.tokens().completion(), line.requestId())
              .update();
        });
  }
}
