package io.galerne.chaos;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** How long a key still works on one replica after another has deleted it. */
final class RevocationRun {
  private static final long GIVE_UP_NANOS = 10_000_000_000L;

  private RevocationRun() {}

  /** The longest time from the call that deletes until the other refuses. */
  record Outcome(int rounds, double secondsMax) {}

  static Outcome run(Cluster cluster, int rounds) throws IOException {
    Cluster.Tenant tenant = cluster.newTenant("revocation");
    long longest = 0;
    for (int round = 0; round < rounds; round++) {
      Cluster.Key key = cluster.newKey(tenant);
      int here = cluster.port(round % 2);
      int there = cluster.port((round + 1) % 2);
      if (!works(there, key)) {
        throw new IOException("a fresh key doesn't work");
      }
      long deleted = System.nanoTime();
      Cluster.admin(here, tenant.adminKey(), "DELETE", "/v1/admin/api-keys/" + key.id(), "");
      long now = System.nanoTime();
      while (works(there, key) && now - deleted < GIVE_UP_NANOS) {
        LockSupport.parkNanos(10_000_000);
        now = System.nanoTime();
      }
      longest = Math.max(longest, System.nanoTime() - deleted);
    }
    return new Outcome(rounds, longest / 1e9);
  }

  private static boolean works(int port, Cluster.Key key) throws IOException {
    String header = "Authorization: Bearer " + key.secret() + "\r\n";
    return RawClient.get(port, "/v1/models", header).status() == 200;
  }
}
