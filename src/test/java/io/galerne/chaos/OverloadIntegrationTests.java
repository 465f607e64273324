package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ten times what can be served. It needs a machine to itself. */
@Tag("chaos")
class OverloadIntegrationTests {
  private static final int SECONDS = Integer.getInteger("chaos.overload", 30);

  @Test
  void whatCanBeServedIsServedAndTheRestRefusedAtOnce() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "overload-").toAbsolutePath();
    List<String> places =
        List.of(
            "-Dchaos.places=" + OverloadRun.PLACES, "-Dchaos.waiting=" + OverloadRun.WAITING_MAX);
    Cluster cluster = new Cluster(folder, false, places, List.of());
    try {
      OverloadRun.Outcome outcome = OverloadRun.run(cluster, Duration.ofSeconds(SECONDS));
      System.out.println("chaos: " + outcome);
      assertThat(outcome).matches(OverloadRun.Outcome::good);
    } finally {
      cluster.stop();
    }
  }
}
