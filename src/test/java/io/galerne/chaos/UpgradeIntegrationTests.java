package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Replicas of another build become replicas of this one, one by one under load, and go back. {@code
 * image/try-upgrade} builds the other one.
 */
@Tag("chaos")
class UpgradeIntegrationTests {
  private static final int REQUESTS = Integer.getInteger("chaos.upgrade", 4_000);

  /** A file with the class path of the other build. */
  private static final String PREVIOUS = System.getProperty("chaos.previous", "none");

  @Test
  void bothBuildsServeWhileReplicasChange() throws Exception {
    assumeTrue(!PREVIOUS.equals("none"), "no other build: see image/try-upgrade");
    String previous = Files.readString(Path.of(PREVIOUS)).strip();
    Path folder = Files.createTempDirectory(Path.of("target"), "upgrade-").toAbsolutePath();
    Cluster cluster = new Cluster(folder, false, List.of(), List.of(), previous);
    try {
      long before = schema(cluster);
      // up, both; back, both; and so on
      RollingRun.Outcome outcome =
          RollingRun.runWithdrawn(
              cluster, REQUESTS, restart -> restart / 2 % 2 == 0 ? cluster.current : cluster.first);
      System.out.println(
          "chaos: schema "
              + before
              + " to "
              + schema(cluster)
              + ", upgrades and rollbacks: "
              + outcome);
      assertThat(outcome).matches(RollingRun.Outcome::good);
      assertThat(outcome.restarts()).isGreaterThanOrEqualTo(4);
    } finally {
      cluster.stop();
    }
  }

  private static long schema(Cluster cluster) throws Exception {
    return new Books(cluster.postgres, new UUID(0, 0))
        .number("select max(version::int) from flyway_schema_history where version is not null");
  }
}
