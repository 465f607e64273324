package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTests {
  @TempDir Path home;

  @Test
  void anUnpackingThatWasCutShortIsBegunAnew() throws IOException {
    PostgresBinaries binaries = PostgresBinaries.in(home);
    Path half = Files.createDirectories(home.resolve("PG-half/bin"));
    assertThat(binaries.whileUnpacking(() -> Files.exists(half))).isFalse();
  }

  @Test
  void completeProgramsAreKept() throws IOException {
    PostgresBinaries binaries = PostgresBinaries.in(home);
    Path complete = Files.createDirectories(home.resolve("PG-complete"));
    Files.createFile(complete.resolve(".exists"));
    assertThat(binaries.whileUnpacking(() -> Files.exists(complete))).isTrue();
  }

  @Test
  void nobodyElseCanPutProgramsThere() throws IOException {
    PostgresBinaries binaries = PostgresBinaries.in(home);
    binaries.whileUnpacking(() -> home.toFile().setWritable(true, false)); // as the library does
    assertThat(Files.getPosixFilePermissions(home))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }
}
