package io.galerne.chaos;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills one replica after the other in the middle of its streams, and starts it again while the
 * other is next.
 */
final class KillRun {
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(60);
  private static final Duration STREAM_MAX = Duration.ofSeconds(20);
  private static final int TOKENS = 120;

  /** Of an event of a stream, about: a kill comes when so many have arrived as chance says. */
  private static final int EVENT_BYTES = 200;

  /** Streams of the replica that is not killed. */
  private static final int BESIDE = 4;

  private final Cluster cluster;
  private final Random random = new Random(42);

  private final Aftermath aftermath;

  KillRun(Cluster cluster) {
    this(cluster, _ -> {});
  }

  /**
   * @param aftermath what else happens to a replica before it starts again
   */
  KillRun(Cluster cluster, Aftermath aftermath) {
    this.cluster = cluster;
    this.aftermath = aftermath;
  }

  /** What else happens to a replica that was killed. */
  interface Aftermath {
    void of(ReplicaProcess killed) throws IOException;
  }

  /**
   * What came of it.
   *
   * @param cutStreams streams that the kills cut
   * @param orphans reservations that were still there a minute after the last start
   * @param disagreements of sums, budgets and records with the ledger
   * @param chainIntact whether the chain of answers verifies
   */
  record Outcome(
      int kills,
      int streams,
      int cutStreams,
      Books.Figures books,
      long orphans,
      long disagreements,
      boolean chainIntact) {
    boolean good() {
      return books.good() && orphans == 0 && disagreements == 0 && chainIntact && cutStreams > 0;
    }
  }

  Outcome run(int kills, int streams)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    Cluster.Tenant tenant = cluster.newTenant("kills");
    ChatClient client = new ChatClient(cluster.newKey(tenant).secret());
    Books books = new Books(cluster.postgres, tenant.id());
    try (Clients clients = new Clients(Integer.MAX_VALUE)) {
      for (int kill = 0; kill < kills; kill++) {
        ReplicaProcess target = cluster.replicas.get(kill % 2);
        ReplicaProcess other = cluster.replicas.get((kill + 1) % 2);
        target.awaitReady();
        // the first request of a process takes its time
        clients.start(1, _ -> client.ask(target.port(), 1, false));
        clients.await();
        LongAdder received = new LongAdder();
        clients.start(streams, _ -> client.ask(target.port(), TOKENS, true, received::add));
        clients.start(BESIDE, _ -> client.ask(other.port(), TOKENS / 2, true));
        awaitBytes(received, random.nextLong((long) streams * TOKENS * EVENT_BYTES));
        target.kill();
        aftermath.of(target);
        target.start();
        clients.await();
      }
      for (ReplicaProcess replica : cluster.replicas) {
        replica.awaitReady();
      }
      long orphans = books.orphansAfter(CLOSED_WITHIN);
      int cut = (int) clients.seen().stream().filter(s -> s.tokens() > 0 && !s.ended()).count();
      boolean intact =
          Cluster.admin(
                  cluster.port(0),
                  tenant.adminKey(),
                  "GET",
                  "/v1/admin/audit/verify?trail=answers",
                  "")
              .get("intact")
              .asBoolean();
      return new Outcome(
          kills,
          clients.seen().size(),
          cut,
          books.compare(clients.seen()),
          orphans,
          books.disagreements(),
          intact);
    }
  }

  private static void awaitBytes(LongAdder received, long bytes) {
    long deadline = System.nanoTime() + STREAM_MAX.toNanos();
    while (received.sum() < bytes && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
