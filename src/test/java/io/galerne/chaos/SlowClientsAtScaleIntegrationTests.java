package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand clients that send or read next to nothing. */
@Tag("chaos")
class SlowClientsAtScaleIntegrationTests {
  private static final int CLIENTS = Integer.getInteger("chaos.slow", 1_000);

  @Test
  void othersAreServedAndSlowOnesGo() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "slow-").toAbsolutePath();
    Cluster cluster = new Cluster(folder, false);
    try {
      SlowClientsRun.Outcome outcome = SlowClientsRun.run(cluster, CLIENTS);
      System.out.println("chaos: " + outcome);
      assertThat(outcome).matches(SlowClientsRun.Outcome::good);
    } finally {
      cluster.stop();
    }
  }
}
