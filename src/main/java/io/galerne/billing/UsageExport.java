package io.galerne.billing;

import io.galerne.database.TenantTransactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends lines of the ledger to another billing system, in one order without gaps, again and again
 * until each was taken. A line is told at least once under one identifier, by which the receiver
 * counts it once. Every instance tries; a lock in the database lets one send at a time.
 */
@Component
@DependsOnDatabaseInitialization
class UsageExport implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(UsageExport.class);
  private static final int BATCH_MAX = 100;
  private static final Duration BATCH_TIME_MAX = Duration.ofSeconds(20);
  private static final Duration PAUSE_MIN = Duration.ofMillis(500);
  private static final Duration PAUSE_MAX = Duration.ofMinutes(5);

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final JsonMapper json;
  private final @Nullable MeterSink sink;
  private final Counter delivered;
  private final Counter refused;
  private final ScheduledExecutorService sender =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("usage-export").factory());
  private volatile @Nullable Future<?> next;
  private volatile long waiting;
  private int failures;

  @Autowired
  UsageExport(
      JdbcClient jdbc,
      PlatformTransactionManager transactionManager,
      JsonMapper json,
      BillingProperties properties,
      MeterRegistry meters) {
    this(
        jdbc,
        transactionManager,
        json,
        properties.exportUrl() == null
            ? null
            : new MeterSink(
                properties.exportUrl(), properties.exportToken(), properties.exportEvent()),
        meters);
    if (sink != null) {
      enable();
      next = sender.schedule(this::sendAndGoOn, PAUSE_MIN.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Without a thread of its own, for whoever calls {@link #send} himself. */
  UsageExport(
      JdbcClient jdbc,
      PlatformTransactionManager transactionManager,
      JsonMapper json,
      @Nullable MeterSink sink,
      MeterRegistry meters) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactionManager);
    this.json = json;
    this.sink = sink;
    this.delivered =
        Counter.builder("galerne.usage.export.delivered")
            .description("Lines of the ledger that the billing system took")
            .register(meters);
    this.refused =
        Counter.builder("galerne.usage.export.refused")
            .description("Lines of the ledger that the billing system will never take")
            .register(meters);
    Gauge.builder("galerne.usage.export.waiting", () -> waiting)
        .description("Lines of the ledger that wait to be told to the billing system")
        .register(meters);
  }

  /** From now on, lines are put aside for sending. */
  void enable() {
    jdbc.sql("update usage_export set enabled = true where not enabled").update();
  }

  private void sendAndGoOn() {
    Duration pause = PAUSE_MIN;
    try {
      pause = send() == BATCH_MAX ? Duration.ZERO : PAUSE_MIN;
      failures = 0;
    } catch (MeterSink.Unavailable | DataAccessException | TransactionException e) {
      pause = backoff(failures++);
      log.warn("usage was not sent, again in {} s: {}", pause.toSeconds(), e.toString());
    }
    next = sender.schedule(this::sendAndGoOn, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Doubles up to five minutes, less up to half by chance, so that instances don't march in step.
   */
  static Duration backoff(int failures) {
    long full = Math.min(PAUSE_MAX.toMillis(), PAUSE_MIN.toMillis() << Math.min(failures, 20));
    return Duration.ofMillis(full - ThreadLocalRandom.current().nextLong(full / 2));
  }

  private record Waiting(
      UUID tenantId, long number, UUID identifier, String event, long sequence) {}

  /**
   * Sends a batch, if no other instance is sending. What was taken before a failure is noted.
   *
   * @return how many lines were sent or given up
   * @throws MeterSink.Unavailable if the receiver can't take one now
   */
  int send() throws MeterSink.Unavailable {
    MeterSink receiver = sink;
    if (receiver == null) {
      return 0;
    }
    numberNew();
    MeterSink.Unavailable[] failure = new MeterSink.Unavailable[1];
    int done =
        locked(
            () -> {
              int count = 0;
              long began = System.nanoTime();
              for (Waiting line : batch()) {
                if (System.nanoTime() - began > BATCH_TIME_MAX.toNanos()) {
                  break;
                }
                try {
                  settle(
                      line,
                      receiver.send(
                          line.identifier(),
                          line.tenantId(),
                          line.sequence(),
                          json.readTree(line.event())));
                  count++;
                } catch (MeterSink.Unavailable e) {
                  failure[0] = e;
                  break;
                }
              }
              return count;
            });
    if (failure[0] != null) {
      throw failure[0];
    }
    return done;
  }

  /** Committed before anything is sent, so that a line keeps its number whatever happens then. */
  private void numberNew() {
    locked(
        () ->
            jdbc.sql(
                    """
                    with fresh as (
                      select tenant_id, number, row_number() over (order by number) as place
                      from (select tenant_id, number from usage_outbox
                            where sequence is null and refused is null
                            order by number limit 1000) chosen),
                    counter as (
                      update usage_export set sequence = sequence + (select count(*) from fresh)
                      returning sequence - (select count(*) from fresh) as base)
                    update usage_outbox box set sequence = base + place
                    from fresh, counter
                    where box.tenant_id = fresh.tenant_id and box.number = fresh.number
                    """)
                .update());
  }

  private List<Waiting> batch() {
    waiting =
        jdbc.sql("select count(*) from usage_outbox where refused is null")
            .query(Long.class)
            .single();
    return jdbc.sql(
            """
            select tenant_id, number, identifier, event::text as event, sequence
            from usage_outbox where sequence is not null and refused is null
            order by sequence limit :max
            """)
        .param("max", BATCH_MAX)
        .query(
            (row, _) ->
                new Waiting(
                    row.getObject("tenant_id", UUID.class),
                    row.getLong("number"),
                    row.getObject("identifier", UUID.class),
                    row.getString("event"),
                    row.getLong("sequence")))
        .list();
  }

  private void settle(Waiting line, MeterSink.Answer answer) {
    switch (answer) {
      case MeterSink.Answer.Taken() -> {
        jdbc.sql("delete from usage_outbox where tenant_id = ? and number = ?")
            .params(line.tenantId(), line.number())
            .update();
        delivered.increment();
      }
      case MeterSink.Answer.Refused(int status) -> {
        jdbc.sql("update usage_outbox set refused = ? where tenant_id = ? and number = ?")
            .params("HTTP " + status, line.tenantId(), line.number())
            .update();
        refused.increment();
        log.error("the billing system refuses event {}: HTTP {}", line.identifier(), status);
      }
    }
  }

  private int locked(IntSupplier work) {
    Integer done =
        transactions.execute(
            _ -> {
              boolean mine =
                  jdbc.sql("select pg_try_advisory_xact_lock(hashtext('galerne.usage-export'))")
                      .query(Boolean.class)
                      .single();
              if (!mine) {
                return 0;
              }
              TenantTransactions.setForTransaction(jdbc, "galerne.usage_export", "on");
              return work.getAsInt();
            });
    return done == null ? 0 : done;
  }

  @Override
  public void destroy() {
    Future<?> last = next;
    if (last != null) {
      last.cancel(true);
    }
    sender.shutdownNow();
  }
}
