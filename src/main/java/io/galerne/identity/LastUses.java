package io.galerne.identity;

import io.galerne.database.TenantTransactions;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * When keys were last used, to the minute. Requests only leave a note; a thread apart writes the
 * notes down now and then, so that no request waits for it.
 */
@Component
class LastUses implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(LastUses.class);
  private static final Duration PRECISION = Duration.ofMinutes(1);
  private static final Duration WRITTEN_EVERY = Duration.ofSeconds(5);
  private static final int NOTES_MAX = 20_000;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final Map<UUID, Note> notes = new ConcurrentHashMap<>();
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("key-last-uses").factory());

  LastUses(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    long every = WRITTEN_EVERY.toMillis();
    ScheduledFuture<?> _ =
        writer.scheduleWithFixedDelay(this::write, every, every, TimeUnit.MILLISECONDS);
  }

  /** A key's first use since what was written last. */
  private record Note(UUID tenantId, Instant usedAt, boolean written) {}

  void note(Caller caller, Instant now) {
    Note known = notes.get(caller.apiKeyId());
    boolean news = known == null || !known.usedAt().plus(PRECISION).isAfter(now);
    if (news && (known != null || notes.size() < NOTES_MAX)) {
      notes.put(caller.apiKeyId(), new Note(caller.tenantId(), now, false));
    }
  }

  /** Writes the notes down; those that can't be written are kept for the next time. */
  void write() {
    try {
      notes.forEach(
          (key, note) -> {
            if (!note.written()) {
              update(key, note);
              notes.replace(key, note, new Note(note.tenantId(), note.usedAt(), true));
            }
          });
    } catch (DataAccessException | TransactionException e) {
      log.debug("last uses of keys are not written yet: {}", e.toString());
    }
    if (notes.size() >= NOTES_MAX) {
      notes.values().removeIf(Note::written);
    }
  }

  private void update(UUID key, Note note) {
    Timestamp usedAt = Timestamp.from(note.usedAt());
    transactions.runInTenant(
        note.tenantId(),
        () ->
            jdbc.sql(
                    """
                    update api_key set last_used_at = ?
                    where tenant_id = ? and id = ? and (last_used_at is null or last_used_at < ?)
                    """)
                .params(usedAt, note.tenantId(), key, usedAt)
                .update());
  }

  @Override
  public void destroy() {
    writer.shutdownNow();
    write();
  }
}
