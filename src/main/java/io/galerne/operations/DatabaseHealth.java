package io.galerne.operations;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.galerne.database.TenantTransactions;
import io.galerne.journal.DatabaseWatch;
import io.galerne.journal.Replica;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** The database, and what waits in it: replicas by their heartbeats, usage to export, batches. */
@Component
class DatabaseHealth {
  private static final int REPLICAS_MAX = 100;

  /** As long as the other replicas wait before they take one for dead. */
  private static final int SILENT_SECONDS_MAX = 20;

  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;
  private final DataSource dataSource;
  private final DatabaseWatch watch;
  private final Replica replica;

  DatabaseHealth(
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      DataSource dataSource,
      DatabaseWatch watch,
      Replica replica) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.dataSource = dataSource;
    this.watch = watch;
    this.replica = replica;
  }

  /**
   * The database as it answers now.
   *
   * @param problem why it doesn't; the rest is empty then
   * @param roundTripMicros of a query that reads nothing
   */
  record Now(
      @Nullable String problem,
      String version,
      long bytes,
      String migration,
      long roundTripMicros,
      Connections connections,
      List<Instance> instances,
      Outbox outbox,
      Batches batches) {}

  /** Of this instance's pool. */
  record Connections(int active, int idle, int max, int waiting) {}

  /** A process on this database. */
  record Instance(
      UUID id, Instant startedAt, Instant heartbeatAt, double silentSeconds, boolean self) {
    public boolean isAlive() {
      return silentSeconds < SILENT_SECONDS_MAX;
    }
  }

  /**
   * Usage for another billing system.
   *
   * @param pending not sent yet
   * @param refused that the receiver will never take
   */
  record Outbox(long pending, long refused) {}

  /**
   * Batch jobs that have not ended.
   *
   * @param oldest when the one that waits longest was made; null for none
   */
  record Batches(long jobs, @Nullable Instant oldest) {}

  private record Facts(String version, long bytes, @Nullable String migration) {}

  private record Beat(UUID id, Instant startedAt, Instant heartbeatAt, double silentSeconds) {}

  Now now() {
    try {
      Now read = transactions.execute(_ -> read());
      if (read != null) {
        return read;
      }
    } catch (DataAccessException | TransactionException e) {
      watch.failed(e);
    }
    return new Now(
        "unreachable",
        "",
        0,
        "",
        0,
        connections(),
        List.of(),
        new Outbox(0, 0),
        new Batches(0, null));
  }

  private Now read() {
    long begin = System.nanoTime();
    jdbc.sql("select 1").query(Integer.class).single();
    long roundTrip = (System.nanoTime() - begin) / 1_000;
    Facts facts =
        jdbc.sql(
                """
                select split_part(version(), ' on ', 1) as version,
                  pg_database_size(current_database()) as bytes,
                  (select version from flyway_schema_history where success and version is not null
                   order by installed_rank desc limit 1) as migration
                """)
            .query(new SimplePropertyRowMapper<>(Facts.class))
            .single();
    set("galerne.usage_export");
    Outbox outbox =
        jdbc.sql(
                """
                select count(*) filter (where refused is null) as pending,
                  count(*) filter (where refused is not null) as refused
                from usage_outbox
                """)
            .query(new SimplePropertyRowMapper<>(Outbox.class))
            .single();
    set("galerne.batch_work");
    Batches batches =
        jdbc.sql("select count(*) as jobs, min(created_at) as oldest from batch_queue")
            .query(new SimplePropertyRowMapper<>(Batches.class))
            .single();
    return new Now(
        null,
        facts.version(),
        facts.bytes(),
        facts.migration() == null ? "–" : "V" + facts.migration(),
        roundTrip,
        connections(),
        instances(),
        outbox,
        batches);
  }

  private void set(String setting) {
    TenantTransactions.setForTransaction(jdbc, setting, "on");
  }

  private List<Instance> instances() {
    return jdbc
        .sql(
            """
            select id, started_at, heartbeat_at,
              extract(epoch from clock_timestamp() - heartbeat_at)::double precision
                as silent_seconds
            from replica order by started_at, id limit ?
            """)
        .param(REPLICAS_MAX)
        .query(new SimplePropertyRowMapper<>(Beat.class))
        .list()
        .stream()
        .map(
            beat ->
                new Instance(
                    beat.id(),
                    beat.startedAt(),
                    beat.heartbeatAt(),
                    beat.silentSeconds(),
                    beat.id().equals(replica.id())))
        .toList();
  }

  private Connections connections() {
    HikariPoolMXBean pool =
        dataSource instanceof HikariDataSource hikari ? hikari.getHikariPoolMXBean() : null;
    return pool == null
        ? new Connections(0, 0, 0, 0)
        : new Connections(
            pool.getActiveConnections(),
            pool.getIdleConnections(),
            ((HikariDataSource) dataSource).getMaximumPoolSize(),
            pool.getThreadsAwaitingConnection());
  }
}
