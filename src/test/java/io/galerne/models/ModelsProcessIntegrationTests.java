package io.galerne.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.store.ModelStore;
import io.galerne.store.StoreFixture;
import io.galerne.store.WeightsServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, as a process of its own in a folder of its own. */
class ModelsProcessIntegrationTests {
  private static final byte[] MODEL = StoreFixture.model(1).toByteArray();
  private static final String DIGEST = StoreFixture.sha256(MODEL);
  private static final long HALF = MODEL.length / 2L / 4096 * 4096;

  @TempDir Path folder;

  @BeforeEach
  void configure() throws IOException {
    Files.createDirectories(folder.resolve("config"));
    Files.writeString(
        folder.resolve("config").resolve("catalog.yaml"),
        """
        galerne:
          catalog:
            weights:
              - id: tiny
                kv-memory: 16MB
            models:
              - {id: m, aliases: [a], description: A tier., weights: tiny,
                 capabilities: [completion-chat], owned-by: me, created: 2024-01-01}
        """);
  }

  @Test
  void theConfigurationAndTheEnvironmentCount() throws Exception {
    Path file = Files.write(folder.resolve("tiny.gguf"), MODEL);
    assertThat(run("list").output()).contains("the model store data/models has no such id");

    assertThat(run("add", file.toString(), "--sha256", DIGEST).exit()).isZero();

    assertThat(folder.resolve("data").resolve("models").resolve("tiny.gguf"))
        .hasBinaryContent(MODEL);
    assertThat(run("list").output()).containsPattern("tiny +319.0 kB .* verified +m a");
    Ended used = run("remove", "tiny");
    assertThat(used.exit()).isEqualTo(1);
    assertThat(used.output().lines())
        .containsExactly("galerne models: the catalogue uses 'tiny' for m, a (--force removes)");
  }

  @Test
  void aBrokenCatalogueIsOneLine() throws Exception {
    Files.writeString(folder.resolve("config").resolve("catalog.yaml"), "galerne: [");
    Ended broken = run("list");
    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.output().lines()).singleElement().asString().startsWith("galerne models: ");
  }

  @Test
  void whatAKilledDownloadBroughtIsNotFetchedAgain() throws Exception {
    ModelStore store = new ModelStore(folder.resolve("data").resolve("models"));
    Path part = store.folder().resolve(".incoming").resolve("tiny.part");
    try (WeightsServer server = new WeightsServer(MODEL)) {
      server.stallAfter = HALF;
      String address = server.address("/tiny.gguf").toString();
      Process download = start("add", address, "--sha256", DIGEST);
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (part.toFile().length() < HALF && download.isAlive() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      download.destroyForcibly(); // SIGKILL
      assertThat(download.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(download.exitValue()).isEqualTo(128 + 9);
      assertThat(store.entries()).isEmpty();
      assertThat(store.strays()).isEmpty();
      assertThat(Files.size(part)).isEqualTo(HALF);
      server.behave();

      Ended resumed = run("add", address, "--sha256", DIGEST);

      assertThat(resumed.exit()).as(resumed.output()).isZero();
      assertThat(server.sent).hasValue(MODEL.length - HALF);
      assertThat(store.folder().resolve("tiny.gguf")).hasBinaryContent(MODEL);
    }
  }

  private record Ended(int exit, String output) {}

  private Ended run(String... args) throws Exception {
    Process process = start(args);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readString(folder.resolve("output.txt")));
  }

  private Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath()));
    command.addAll(List.of(GalerneApplication.class.getName(), "models"));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output.txt").toFile())
        .start();
  }

  /** That of the tests, from wherever the process runs. */
  private static String classPath() {
    String entries = System.getProperty("java.class.path");
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(entries)
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
