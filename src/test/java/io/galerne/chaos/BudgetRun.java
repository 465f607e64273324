package io.galerne.chaos;

import io.galerne.chaos.ChatClient.Seen;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/** Ten times as many requests at once as a budget is for, through both replicas. */
final class BudgetRun {
  private static final int TOKENS = 200;
  private static final int FACTOR = 10;

  private BudgetRun() {}

  /**
   * What came of it.
   *
   * @param overshootPicosMost most that was spent beyond a budget
   * @param usedLeast the least part of a budget that was used
   * @param unequal answers that ended with the budget and are not billed to the token
   */
  record Outcome(int rounds, int requests, long overshootPicosMost, double usedLeast, int unequal) {
    boolean good() {
      return overshootPicosMost == 0 && usedLeast >= 0.98 && unequal == 0;
    }
  }

  static Outcome run(Cluster cluster, int rounds, int requests)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    long overshoot = 0;
    double least = 1;
    int unequal = 0;
    for (int round = 0; round < rounds; round++) {
      Cluster.Tenant tenant = cluster.newTenant("budget" + requests + "r" + round);
      ChatClient client = new ChatClient(cluster.newKey(tenant).secret());
      Books books = new Books(cluster.postgres, tenant.id());
      Seen sample = insist(client, cluster.port(0));
      if (sample.status() != 200) {
        throw new IOException("no answer: " + sample.body());
      }
      long cost = books.number("select sum(cost_picos) from usage_event where tenant_id = ?");
      long capMicros = Math.ceilDiv(cost * (requests / FACTOR + 1), 1_000_000);
      cap(cluster, tenant, capMicros);
      try (Clients clients = new Clients(requests)) {
        clients.start(requests, i -> insist(client, cluster.port(i % 2)));
        clients.await();
        books.orphansAfter(Duration.ofSeconds(20));
        Books.Figures figures = books.compare(clients.seen());
        unequal += figures.unequal() + figures.overBilled() + figures.duplicates();
      }
      long spent = books.number("select sum(cost_picos) from usage_event where tenant_id = ?");
      overshoot = Math.max(overshoot, spent - capMicros * 1_000_000);
      least = Math.min(least, (double) (spent - cost) / (capMicros * 1e6 - cost));
    }
    return new Outcome(rounds, requests, overshoot, least, unequal);
  }

  /** Asks again, as long as it is told that others hold what is left, or all connections. */
  private static Seen insist(ChatClient client, int port) {
    Seen seen = client.ask(port, TOKENS, true);
    for (int i = 0; i < 20 && isToComeBack(seen); i++) {
      LockSupport.parkNanos(500_000_000);
      seen = client.ask(port, TOKENS, true);
    }
    return seen;
  }

  private static boolean isToComeBack(Seen seen) {
    return seen.status() == 503 || (seen.status() != 200 && seen.body().contains("reserved"));
  }

  private static void cap(Cluster cluster, Cluster.Tenant tenant, long micros) throws SQLException {
    try (Connection connection = cluster.postgres.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into spend_cap (tenant_id, scope, scope_id, cap_micros)"
              + " values ('%1$s', 'organisation', '%1$s', %2$d)".formatted(tenant.id(), micros));
    }
    // longer than what a replica knows of a tenant's terms may be old
    LockSupport.parkNanos(1_200_000_000);
  }
}
