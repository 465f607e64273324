package io.galerne.chaos;

import io.galerne.chaos.ChatClient.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;

/**
 * Ten times as many requests as an engine with a bounded number of places can answer, by clients
 * that don't wait for each other, against one replica.
 */
final class OverloadRun {
  static final int PLACES = 10;
  static final int WAITING_MAX = 10;
  private static final int FACTOR = 10;
  private static final int TOKENS = 50;
  private static final Duration PEAK = Duration.ofSeconds(10);
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final ChatClient client;
  private final List<Timed> asked = Collections.synchronizedList(new ArrayList<>());

  private OverloadRun(Cluster cluster) throws IOException {
    this.cluster = cluster;
    client = new ChatClient(cluster.newKey(cluster.newTenant("overload")).secret());
  }

  private record Timed(long startNanos, long endNanos, Seen seen) {
    boolean good() {
      return seen.status() == 200 && seen.tokens() == TOKENS && seen.ended();
    }

    boolean refused() {
      return seen.status() == 503 || seen.status() == 429;
    }

    double millis() {
      return (endNanos - startNanos) / 1e6;
    }
  }

  /**
   * What came of it.
   *
   * @param peak answers per second to as many clients as are served and wait
   * @param offered requests per second under load
   * @param goodput answers per second under load
   * @param otherwise requests that were neither answered nor refused
   * @param recoverySeconds from the end of the load until answers take no longer than before
   */
  record Outcome(
      double peak,
      double offered,
      double goodput,
      int refused,
      double refusalMillisMedian,
      double refusalMillisP99,
      int otherwise,
      double recoverySeconds) {
    boolean good() {
      return goodput >= 0.95 * peak
          && offered >= 9 * peak
          && refused > 0
          && refusalMillisP99 <= 20
          && otherwise == 0
          && recoverySeconds <= 10;
    }
  }

  static Outcome run(Cluster cluster, Duration load) throws IOException {
    return new OverloadRun(cluster).run(load);
  }

  private Outcome run(Duration load) {
    closed(PLACES + WAITING_MAX, Duration.ofSeconds(5)); // a process that has just started compiles
    open(200, Duration.ofSeconds(5));
    double alone = median(closed(1, Duration.ofSeconds(3)).stream().mapToDouble(Timed::millis));
    double peak = perSecond(closed(PLACES + WAITING_MAX, PEAK), PEAK);
    double rate = FACTOR * peak;
    List<Timed> flood = open(rate, load);
    long over = System.nanoTime();
    double recovery = recovery(over, 2 * alone);
    double[] refusals =
        flood.stream().filter(Timed::refused).mapToDouble(Timed::millis).sorted().toArray();
    int otherwise = (int) flood.stream().filter(each -> !each.good() && !each.refused()).count();
    return new Outcome(
        peak,
        flood.size() / (load.toNanos() / 1e9),
        perSecond(flood.stream().filter(Timed::good).toList(), load),
        refusals.length,
        percentile(refusals, 0.5),
        percentile(refusals, 0.99),
        otherwise,
        recovery);
  }

  /** So many clients, each asking again when it has its answer; those that ended in the time. */
  private List<Timed> closed(int clients, Duration time) {
    asked.clear();
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        threads.execute(
            () -> {
              while (System.nanoTime() < end) {
                ask();
              }
            });
      }
    }
    return asked.stream().filter(each -> each.endNanos() <= end && each.good()).toList();
  }

  /** So many requests a second, whatever becomes of them; all, once the last has ended. */
  private List<Timed> open(double perSecond, Duration time) {
    asked.clear();
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long count = Math.round(perSecond * time.toNanos() / 1e9);
      for (long i = 0; i < count; i++) {
        long due = begin + (long) (i * 1e9 / perSecond);
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        threads.execute(this::ask);
      }
    }
    return List.copyOf(asked);
  }

  private void ask() {
    long start = System.nanoTime();
    Seen seen = client.ask(cluster.port(0), TOKENS, false);
    asked.add(new Timed(start, System.nanoTime(), seen));
  }

  /** Answers are well again when three in a row are. */
  private double recovery(long sinceNanos, double millisMax) {
    int well = 0;
    long firstWell = 0;
    while (well < 3 && System.nanoTime() - sinceNanos < RECOVERY_MAX.toNanos()) {
      asked.clear();
      ask();
      Timed last = asked.getLast();
      if (last.good() && last.millis() <= millisMax) {
        firstWell = well == 0 ? last.endNanos() : firstWell;
        well++;
      } else {
        well = 0;
      }
    }
    return well < 3 ? Double.MAX_VALUE : (firstWell - sinceNanos) / 1e9;
  }

  private static double perSecond(List<Timed> good, Duration time) {
    return good.size() / (time.toNanos() / 1e9);
  }

  private static double median(DoubleStream values) {
    return percentile(values.sorted().toArray(), 0.5);
  }

  static double percentile(double[] sorted, double part) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, (int) Math.ceil(part * sorted.length) - 1)];
  }
}
