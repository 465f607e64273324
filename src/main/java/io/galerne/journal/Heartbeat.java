package io.galerne.journal;

import io.galerne.metering.UsageNotRecordedException;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Tells the others that this replica lives, looks after those that don't, and finds the database
 * again. A replica is dead when its heartbeat has stood still for {@link #DEAD_AFTER} in which this
 * one could look all the time: after an outage of the database everybody has that long to return.
 */
@Component
class Heartbeat implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration DEAD_AFTER = Duration.ofSeconds(20);

  private static final ThreadFactory THREAD =
      Thread.ofPlatform().daemon().name("galerne-heartbeat").factory();

  private final JdbcClient jdbc;
  private final Replica replica;
  private final Recovery recovery;
  private final DatabaseWatch database;

  /** Null while stopped; a stopped one can be started again. */
  private volatile @Nullable ScheduledExecutorService beats;

  // of the heartbeat's thread
  private final Map<UUID, Seen> seen = new HashMap<>();
  private boolean tookOver;

  private record Beat(UUID id, Timestamp at) {}

  private record Seen(Timestamp at, long sinceNanos) {}

  Heartbeat(JdbcClient jdbc, Replica replica, Recovery recovery, DatabaseWatch database) {
    this.jdbc = jdbc;
    this.replica = replica;
    this.recovery = recovery;
    this.database = database;
  }

  @Override
  public void start() {
    ScheduledExecutorService starting = Executors.newSingleThreadScheduledExecutor(THREAD);
    beats = starting;
    var _ = starting.scheduleWithFixedDelay(this::beat, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void beat() {
    try {
      jdbc.sql(
              """
              insert into replica (id) values (?)
              on conflict (id) do update set heartbeat_at = clock_timestamp()
              """)
          .param(replica.id())
          .update();
      database.answered();
      recovery.replay();
      if (!tookOver) {
        recovery.takeOver();
        tookOver = true;
      }
      lookAfterOthers();
    } catch (DataAccessException | TransactionException e) {
      seen.clear();
      database.failed(e);
    } catch (IOException | UsageNotRecordedException e) {
      log.error("what was left could not be recovered, it is tried again", e);
    } catch (RuntimeException e) {
      log.error("a heartbeat failed", e);
    }
  }

  private void lookAfterOthers() {
    List<Beat> others =
        jdbc.sql("select id, heartbeat_at from replica where id <> ?")
            .param(replica.id())
            .query((row, _) -> new Beat(row.getObject(1, UUID.class), row.getTimestamp(2)))
            .list();
    long now = System.nanoTime();
    seen.keySet().retainAll(others.stream().map(Beat::id).toList());
    for (Beat beat : others) {
      Seen last = seen.get(beat.id());
      if (last == null || !last.at().equals(beat.at())) {
        seen.put(beat.id(), new Seen(beat.at(), now));
      } else if (now - last.sinceNanos() > DEAD_AFTER.toNanos()) {
        recovery.close(beat.id());
        seen.remove(beat.id());
      }
    }
  }

  /** Ends after everything that serves requests: their lines may still go to the spool. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  @Override
  public void stop() {
    ScheduledExecutorService stopping = beats;
    beats = null;
    if (stopping != null) {
      stopping.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return beats != null;
  }
}
