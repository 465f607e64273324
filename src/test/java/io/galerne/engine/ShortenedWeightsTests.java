package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are shortened, rewritten or replaced while they are being loaded. */
class ShortenedWeightsTests {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path weights;

  @BeforeEach
  void writeModel() {
    weights = TinyModel.writer(GgmlType.F32, 3).write(folder.resolve("tiny.gguf"));
  }

  @Test
  void aFileShortenedWhileItIsLoadedIsRefusedAndTheProcessLives() throws Exception {
    long whole = Files.size(weights);
    assertThat(child("load")).contains("file: was shortened to 0 of " + whole + " bytes");
  }

  /** The control: a mapped file fails in a way that no caller can name, or kills the process. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aMappedFileWouldFailWithAnErrorOfTheMachine() throws Exception {
    assertThat(child("map")).contains("InternalError").doesNotContain("was shortened");
  }

  @Test
  void aFileShortenedToAnyLengthIsRefusedByName() throws IOException {
    byte[] whole = Files.readAllBytes(weights);
    for (int eighths = 0; eighths < 8; eighths++) {
      long length = (long) whole.length * eighths / 8;
      assertThat(DisturbedLoading.load(weights, () -> DisturbedLoading.shorten(weights, length)))
          .contains("file: was shortened to");
      Files.write(weights, whole);
    }
  }

  @Test
  void aFileRewrittenWhileItIsLoadedIsRefused() throws IOException {
    byte[] other = TinyModel.writer(GgmlType.F32, 4).toByteArray();
    assertThat(other).hasSameSizeAs(Files.readAllBytes(weights));
    awaitNextTick();
    assertThat(DisturbedLoading.load(weights, () -> Files.write(weights, other)))
        .contains("was changed while");
  }

  @Test
  void aFileReplacedWhileItIsLoadedIsRefused() {
    Path other = TinyModel.writer(GgmlType.F32, 4).write(folder.resolve("other.gguf"));
    assertThat(
            DisturbedLoading.load(
                weights, () -> Files.move(other, weights, StandardCopyOption.REPLACE_EXISTING)))
        .contains("was changed while");
  }

  @Test
  void aFileRemovedWhileItIsLoadedIsRefused() {
    assertThat(DisturbedLoading.load(weights, () -> Files.delete(weights)))
        .contains("was removed while");
  }

  /** The control: left alone, it loads. */
  @Test
  void aFileLeftAloneLoads() {
    assertThat(DisturbedLoading.load(weights, () -> {})).isEqualTo("is loaded: tiny");
  }

  /**
   * The clock of a file system is coarse: a change in the tick of the opening has the same time.
   */
  private void awaitNextTick() throws IOException {
    Path clock = folder.resolve("clock");
    Files.createFile(clock);
    Object first = Files.getAttribute(weights, "lastModifiedTime");
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (Files.getAttribute(clock, "lastModifiedTime").equals(first)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Files.write(clock, new byte[1]);
    }
  }

  private static String placeOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private String child(String deed) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-modules=jdk.incubator.vector",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "-cp",
                placeOf(Engine.class) + File.pathSeparator + placeOf(DisturbedLoading.class),
                DisturbedLoading.class.getName(),
                deed,
                weights.toString()));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8).strip();
    assertThat(process.exitValue()).as(text).isEqualTo(deed.equals("load") ? 0 : 1);
    return text;
  }
}
