package io.galerne.batch;

import io.galerne.files.FileStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * This process's part in all batches: one thread looks for work, and a virtual thread of its own
 * computes each line that was claimed. Tenants take turns: whoever has the fewest lines running
 * here comes first.
 */
@Component
final class BatchWorker implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(BatchWorker.class);
  private static final int JOBS_SEEN_MAX = 10_000;
  private static final Duration EXPIRY_EVERY = Duration.ofMinutes(1);
  private static final Duration STOP_WAIT = Duration.ofSeconds(10);

  private final UUID owner = UUID.randomUUID();
  private final LineTable table;
  private final JobEnding ending;
  private final LineWork work;
  private final FileStore files;
  private final BatchProperties limits;
  private final WorkSignal signal;
  private final Set<RunningLine> lines = ConcurrentHashMap.newKeySet();
  private final Set<LineTable.OpenJob> touched = ConcurrentHashMap.newKeySet();

  private volatile boolean running;
  private @Nullable Thread thread;

  // of the worker's thread
  private long prolongedNanos = System.nanoTime();
  private long expiryNanos = System.nanoTime() - EXPIRY_EVERY.toNanos();

  BatchWorker(
      LineTable table,
      JobEnding ending,
      LineAnswers answers,
      FileStore files,
      BatchProperties limits,
      WorkSignal signal,
      MeterRegistry meters) {
    this.table = table;
    this.ending = ending;
    this.work = new LineWork(table, answers, limits, owner, meters);
    this.files = files;
    this.limits = limits;
    this.signal = signal;
    Gauge.builder("galerne.batch.running", lines, Set::size)
        .description("Lines that this process computes")
        .register(meters);
  }

  @Override
  public void start() {
    if (limits.enabled() && !running) {
      running = true;
      thread = Thread.ofPlatform().daemon().name("batch").start(this::run);
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Lines in progress go back to where they were, for others or for the next start. */
  @Override
  public void stop() {
    running = false;
    signal.raise();
    try {
      if (thread != null) {
        thread.join(STOP_WAIT);
      }
      lines.forEach(RunningLine::cutOff);
      for (RunningLine line : lines) {
        line.thread().join(STOP_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (running) {
      try {
        round();
      } catch (DataAccessException | TransactionException e) {
        log.warn("Batches wait for the database: {}", e.toString());
      } catch (RuntimeException e) {
        log.error("A round over the batches failed", e);
      }
      try {
        signal.await(limits.poll());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void round() {
    List<LineTable.OpenJob> jobs = table.openJobs(JOBS_SEEN_MAX);
    prolong();
    cutOff(jobs);
    for (LineTable.OpenJob job : jobs) {
      boolean mayHaveEnded = job.stop() || touched.remove(job);
      if (mayHaveEnded && running(job) == 0) {
        ending.endIfDone(job);
      }
    }
    touched.retainAll(jobs);
    claim(jobs.stream().filter(job -> !job.stop()).toList());
    if (System.nanoTime() - expiryNanos >= EXPIRY_EVERY.toNanos()) {
      files.deleteExpired();
      ending.deleteExpired();
      expiryNanos = System.nanoTime();
    }
  }

  private void prolong() {
    if (System.nanoTime() - prolongedNanos < limits.lease().toNanos() / 3) {
      return;
    }
    prolongedNanos = System.nanoTime();
    Map<LineTable.OpenJob, List<Integer>> own = new HashMap<>();
    for (RunningLine line : lines) {
      own.computeIfAbsent(line.claimed().job(), _ -> new ArrayList<>()).add(line.claimed().line());
    }
    own.forEach((job, numbers) -> table.prolong(job, numbers, owner, limits.lease()));
  }

  /** Ends the lines of jobs that are to end, or are gone. */
  private void cutOff(List<LineTable.OpenJob> jobs) {
    Set<LineTable.OpenJob> goingOn = Set.copyOf(jobs.stream().filter(job -> !job.stop()).toList());
    for (RunningLine line : lines) {
      if (!goingOn.contains(line.claimed().job())) {
        line.cutOff();
      }
    }
  }

  private void claim(List<LineTable.OpenJob> jobs) {
    Map<UUID, Long> ofTenant = new HashMap<>();
    lines.forEach(line -> ofTenant.merge(line.claimed().job().tenantId(), 1L, Long::sum));
    List<LineTable.OpenJob> inTurn = new ArrayList<>(jobs);
    inTurn.sort(Comparator.comparingLong(job -> ofTenant.getOrDefault(job.tenantId(), 0L)));
    int waiting = inTurn.size();
    for (LineTable.OpenJob job : inTurn) {
      int free = limits.concurrency() - lines.size();
      if (free <= 0 || !running) {
        return;
      }
      int own = running(job);
      int share = Math.max(1, free / waiting--);
      int wanted = Math.min(share, limits.concurrencyPerJob() - own);
      if (wanted <= 0) {
        continue;
      }
      List<LineTable.Claimed> claimed = table.claim(job, owner, wanted, limits.lease());
      claimed.forEach(this::begin);
      if (claimed.isEmpty() && own == 0) {
        ending.endIfDone(job);
      }
    }
  }

  private int running(LineTable.OpenJob job) {
    int count = 0;
    for (RunningLine line : lines) {
      if (line.claimed().job().jobId().equals(job.jobId())) {
        count++;
      }
    }
    return count;
  }

  private void begin(LineTable.Claimed claimed) {
    RunningLine[] self = new RunningLine[1];
    Thread computing =
        Thread.ofVirtual()
            .name("batch-line")
            .unstarted(
                () -> {
                  try {
                    work.compute(self[0]);
                  } finally {
                    lines.remove(self[0]);
                    touched.add(claimed.job());
                    signal.raise();
                  }
                });
    self[0] = new RunningLine(claimed, computing);
    lines.add(self[0]);
    computing.start();
  }
}
