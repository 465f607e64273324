package io.galerne.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the jar that the build has just packaged. */
@Tag("nightly")
class PrepareIntegrationTests {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir Path folder;

  @Test
  void laterStartsAreFromWhatWasPrepared() throws Exception {
    Path jar = packaged();
    assertThat(run("-jar", jar.toString(), "prepare")).contains("Prepared in");
    PreparedStart prepared = PreparedStart.of(jar);
    assertThat(prepared.isFresh()).isTrue();
    String loaded = run("-Xlog:class+load", "-jar", jar.toString(), "replay", "--help");
    assertThat(loaded).contains("io.galerne.launch.Relaunch source: shared objects file");

    Files.writeString(jar, "", StandardOpenOption.APPEND);
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1));
    assertThat(run("-Xlog:class+load", "-jar", jar.toString(), "replay", "--help"))
        .doesNotContain("io.galerne.launch.Relaunch source: shared objects file");
  }

  @Test
  void whatIsNoJarIsNotPrepared() throws Exception {
    assertThat(
            run(
                "-cp",
                System.getProperty("java.class.path"),
                "io.galerne.GalerneApplication",
                "prepare"))
        .contains("galerne prepare: only what runs with java -jar can be prepared");
  }

  private Path packaged() throws IOException {
    Path jar;
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      jar =
          built
              .filter(file -> file.getFileName().toString().matches("galerne-.*\\.jar"))
              .findFirst()
              .orElse(null);
    }
    assumeTrue(jar != null, "the build has packaged no jar");
    return Files.copy(jar, folder.resolve("galerne.jar"));
  }

  private static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("prepare", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
    String text = Files.readString(output);
    Files.delete(output);
    return text;
  }
}
