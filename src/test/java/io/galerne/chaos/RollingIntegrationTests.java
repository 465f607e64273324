package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replicas replaced one by one. {@code ChaosIntegrationTests} does it in short. */
@Tag("chaos")
class RollingIntegrationTests {
  private static final int REQUESTS = Integer.getInteger("chaos.rolling", 20_000);

  @Test
  void noRequestFailsWhileReplicasAreReplaced() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "rolling-").toAbsolutePath();
    Cluster cluster = new Cluster(folder, true, List.of(), List.of());
    try {
      RollingRun.Outcome outcome = RollingRun.run(cluster, REQUESTS);
      System.out.println("chaos: " + outcome);
      assertThat(outcome).matches(RollingRun.Outcome::good);
    } finally {
      cluster.stop();
    }
  }
}
