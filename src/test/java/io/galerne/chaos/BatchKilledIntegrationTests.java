package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that compute a batch are killed (SIGKILL) while they do. */
@Tag("chaos")
class BatchKilledIntegrationTests {
  private static final int LINES = Integer.getInteger("chaos.lines", 1_000);
  private static final int KILLS = 4;

  @Test
  void noLineIsLostOrDoneTwiceWhateverIsKilled() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "batch-").toAbsolutePath();
    Cluster cluster = new Cluster(folder, true, List.of(), List.of("--galerne.batch.lease=2s"));
    try {
      BatchRun.Outcome outcome = BatchRun.run(cluster, LINES, KILLS);
      System.out.println("chaos: " + outcome);
      assertThat(outcome).matches(BatchRun.Outcome::good);
    } finally {
      cluster.stop();
    }
  }
}
