package io.galerne.chaos;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Requests that nothing happens to, streamed and whole, by both replicas. */
final class GracefulRun {
  private static final int AT_ONCE = 32;
  private static final int TOKENS_MAX = 24;

  private GracefulRun() {}

  /** What came of it. */
  record Outcome(int requests, Books.Figures books, long orphans, long disagreements) {
    boolean good() {
      return books.good()
          && books.ended() == requests
          && books.underBilledMost() == 0
          && books.unseen() == 0
          && orphans == 0
          && disagreements == 0;
    }
  }

  static Outcome run(Cluster cluster, int requests)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    Cluster.Tenant tenant = cluster.newTenant("graceful");
    ChatClient client = new ChatClient(cluster.newKey(tenant).secret());
    Books books = new Books(cluster.postgres, tenant.id());
    try (Clients clients = new Clients(AT_ONCE)) {
      clients.start(requests, i -> client.ask(cluster.port(i % 2), 1 + i % TOKENS_MAX, i % 3 > 0));
      clients.await();
      long orphans = books.orphansAfter(Duration.ofSeconds(10));
      return new Outcome(requests, books.compare(clients.seen()), orphans, books.disagreements());
    }
  }
}
