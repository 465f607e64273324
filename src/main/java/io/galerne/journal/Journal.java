package io.galerne.journal;

import io.galerne.identity.Caller;
import io.galerne.journal.JournalEntry.Note;
import io.galerne.metering.UsageSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Notes what answers in progress have delivered, for all of them in one statement at a time. While
 * the database is away notes go to the spool.
 */
@Component
public class Journal implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final long FAILURE_PAUSE_NANOS = 100_000_000;

  private static final Comparator<Note> LOCK_ORDER =
      Comparator.comparing(note -> note.usage().requestId());

  private final CheckpointTable table;
  private final Spool spool;
  private final DatabaseWatch database;
  private final GroupCommit<JournalEntry> rounds =
      new GroupCommit<>("galerne-journal", this::write);

  Journal(CheckpointTable table, Spool spool, DatabaseWatch database) {
    this.table = table;
    this.spool = spool;
    this.database = database;
  }

  /** Begins the notes of an answer that is about to be streamed. Nothing is written yet. */
  public Deliveries open(
      UUID requestId,
      Caller caller,
      UUID keyLine,
      UsageSource source,
      int promptTokens,
      Instant startedAt) {
    return new JournalEntry(
        requestId, caller, keyLine, source, promptTokens, startedAt, rounds::submit);
  }

  private void write(List<JournalEntry> entries) {
    List<Note> notes = new ArrayList<>();
    for (JournalEntry entry : entries) {
      Note note = entry.begin();
      if (note != null) {
        notes.add(note);
      }
    }
    if (notes.isEmpty()) {
      return;
    }
    notes.sort(LOCK_ORDER);
    if (!toDatabase(notes) && !toSpool(notes)) {
      notes.forEach(note -> note.entry().failed());
      LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
    }
  }

  private boolean toDatabase(List<Note> notes) {
    if (database.isAway()) {
      return false;
    }
    try {
      List<UUID> fenced = table.write(notes);
      for (Note note : notes) {
        if (fenced.contains(note.usage().requestId())) {
          note.entry().fence();
        } else {
          note.entry().written(note.usage().completionTokens());
        }
      }
      return true;
    } catch (DataAccessException e) {
      database.failed(e);
      return false;
    }
  }

  private boolean toSpool(List<Note> notes) {
    try {
      spool.append(notes.stream().map(note -> SpoolLine.note(note.usage())).toList());
      notes.forEach(note -> note.entry().written(note.usage().completionTokens()));
      return true;
    } catch (IOException e) {
      log.error("{} answers rest since what they delivered can't be noted", notes.size(), e);
      return false;
    }
  }

  @Override
  public void destroy() {
    rounds.close();
  }
}
