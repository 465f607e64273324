package io.galerne.chaos;

import io.galerne.chaos.ChatClient.Seen;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** PostgreSQL crashes under streams, stays away for a while and comes back. */
final class OutageRun {
  private static final int STREAMS = 20;
  private static final Duration BACK_WITHIN = Duration.ofSeconds(60);

  private OutageRun() {}

  /**
   * What came of it.
   *
   * @param before streams that ran when it crashed, and ended as if nothing had happened
   * @param served requests that came while it was away and were served
   * @param refused requests that were refused with 503
   * @param otherwise requests that ended otherwise
   */
  record Outcome(
      int crashes,
      Duration away,
      int before,
      int served,
      int refused,
      List<String> otherwise,
      Books.Figures books,
      long orphans,
      long disagreements) {
    boolean good() {
      return books.good()
          && before == crashes * STREAMS
          && otherwise.isEmpty()
          && served > 0
          && orphans == 0
          && disagreements == 0;
    }
  }

  static Outcome run(Cluster cluster, int crashes, Duration away)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    Cluster.Tenant tenant = cluster.newTenant("outage" + crashes + "x" + away.toSeconds());
    ChatClient client = new ChatClient(cluster.newKey(tenant).secret());
    Books books = new Books(cluster.postgres, tenant.id());
    int tokens = (int) (away.plusSeconds(2).toNanos() / PacedEngine.PACE_NANOS);
    int length = Math.min(tokens, 3_500); // as much as the context has room for
    try (Clients before = new Clients(STREAMS);
        Clients during = new Clients(2);
        Clients known = new Clients(2)) {
      for (int crash = 0; crash < crashes; crash++) {
        known.start(2, i -> client.ask(cluster.port(i), 1, false)); // the key and its terms
        known.await();
        CountDownLatch begun = new CountDownLatch(STREAMS);
        before.start(
            STREAMS,
            i -> {
              AtomicBoolean first = new AtomicBoolean(true);
              return client.ask(
                  cluster.port(i % 2),
                  length,
                  true,
                  _ -> {
                    if (first.getAndSet(false)) {
                      begun.countDown();
                    }
                  });
            });
        begun.await(BACK_WITHIN.toSeconds(), TimeUnit.SECONDS);
        cluster.postgres.crash();
        long back = System.nanoTime() + away.toNanos();
        while (System.nanoTime() < back) {
          during.start(2, i -> client.ask(cluster.port(i), 20, true));
          during.await();
          LockSupport.parkNanos(Math.min(1_000_000_000, away.toNanos() / 10));
        }
        cluster.postgres.start();
        before.await();
        awaitService(cluster, client, known);
      }
      long orphans = books.orphansAfter(BACK_WITHIN);
      List<Seen> all = new ArrayList<>(before.seen());
      all.addAll(during.seen());
      all.addAll(known.seen());
      // what was served without the database has no reservation, and its line may still be on its
      // way
      long deadline = System.nanoTime() + BACK_WITHIN.toNanos();
      while (books.compare(all).missing() > 0 && System.nanoTime() < deadline) {
        LockSupport.parkNanos(200_000_000);
      }
      return new Outcome(
          crashes,
          away,
          (int) before.seen().stream().filter(seen -> ended(seen, length)).count(),
          (int) during.seen().stream().filter(seen -> ended(seen, 20)).count(),
          (int) during.seen().stream().filter(seen -> seen.status() == 503).count(),
          Stream.concat(
                  before.seen().stream().filter(seen -> !ended(seen, length)),
                  during.seen().stream().filter(seen -> !ended(seen, 20) && seen.status() != 503))
              .map(seen -> seen.status() + " " + tail(seen.body()))
              .toList(),
          books.compare(all),
          orphans,
          books.disagreements());
    }
  }

  private static String tail(String body) {
    return body.substring(Math.max(0, body.length() - 300));
  }

  private static boolean ended(Seen seen, int tokens) {
    return "length".equals(seen.finishReason()) && seen.tokens() == tokens && seen.ended();
  }

  private static void awaitService(Cluster cluster, ChatClient client, Clients clients)
      throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + BACK_WITHIN.toNanos();
    int answered = 0;
    while (answered < cluster.replicas.size()) {
      int before = count(clients);
      clients.start(cluster.replicas.size(), i -> client.ask(cluster.port(i), 1, false));
      clients.await();
      answered = count(clients) - before;
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("a replica doesn't serve though the database is back");
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static int count(Clients clients) {
    return (int) clients.seen().stream().filter(seen -> seen.status() == 200).count();
  }
}
