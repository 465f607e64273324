package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stale process ids; a real orphan is stopped in {@link EmbeddedDatabaseIntegrationTests}. */
class OrphanedPostmasterTests {
  @TempDir Path cluster;

  @Test
  void anotherProgramWithThatIdIsLeftAlone() throws IOException {
    Process bystander = new ProcessBuilder("sleep", "60").start();
    try {
      pidFile(bystander.pid() + "\n" + cluster + "\n");
      OrphanedPostmaster.stop(cluster);
      assertThat(bystander.isAlive()).isTrue();
      assertThat(cluster.resolve("postmaster.pid")).doesNotExist();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void anIdThatNobodyHasIsForgotten() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    pidFile(ended.pid() + "\n");
    OrphanedPostmaster.stop(cluster);
    assertThat(cluster.resolve("postmaster.pid")).doesNotExist();
  }

  @Test
  void aTornFileIsForgotten() throws IOException {
    for (String content : new String[] {"", "\0\0\0", "12ab\n"}) {
      pidFile(content);
      OrphanedPostmaster.stop(cluster);
      assertThat(cluster.resolve("postmaster.pid")).doesNotExist();
    }
  }

  @Test
  void withoutFileThereIsNothingToDo() throws IOException {
    OrphanedPostmaster.stop(cluster.resolve("absent"));
    assertThat(cluster).isEmptyDirectory();
  }

  private void pidFile(String content) throws IOException {
    Files.writeString(cluster.resolve("postmaster.pid"), content);
  }
}
