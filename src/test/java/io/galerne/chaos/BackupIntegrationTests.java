package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** The commands of {@code docs/backup.md}, and whether what they bring back is whole. */
@Tag("chaos")
class BackupIntegrationTests {
  private static final Duration END_MAX = Duration.ofSeconds(60);

  private Path folder = Path.of("target");

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory(Path.of("target"), "backup-").toAbsolutePath();
  }

  @Test
  void aCopyOfADataDirectoryBringsItBack() throws Exception {
    ReplicaProcess replica = replica("solo", List.of());
    Path copy = folder.resolve("copy");
    Map<String, String> names =
        Map.of("DATA", replica.data().toString(), "BACKUP", copy.toString());
    try {
      replica.start();
      replica.awaitReady();
      Holdings holdings = new Holdings(replica);
      Holdings.Facts before = holdings.facts(replica);
      assertThat(replica.terminate(END_MAX)).isEqualTo(143);
      run("backup-files", names);
      replica.start();
      replica.awaitReady();
      holdings.ask(5); // later than the backup
      assertThat(holdings.facts(replica)).isNotEqualTo(before);
      replica.kill();
      run("restore-files", names);
      replica.start();
      replica.awaitReady();
      assertRestored(holdings, replica, before);
    } finally {
      replica.kill();
    }
  }

  @Test
  void aDumpOfARunningDatabaseBringsItBack() throws Exception {
    Path programs = InstalledPostgres.programsOrSkip();
    try (InstalledPostgres source = InstalledPostgres.start(programs, folder, "source");
        InstalledPostgres target = InstalledPostgres.start(programs, folder, "target")) {
      List<String> demo = new ArrayList<>(source.settings());
      demo.add("--galerne.demo.enabled=true"); // for a person to sign in as
      ReplicaProcess first = replica("first", demo);
      ReplicaProcess second = replica("second", target.settings());
      ReplicaProcess stranger = replica("stranger", target.settings());
      try {
        first.start();
        first.awaitReady();
        Holdings holdings = new Holdings(first);
        Cluster.Tenant busy = Cluster.newTenant(first, "busy");
        ChatClient beside = new ChatClient(Cluster.newKey(first, busy).secret());
        AtomicBoolean dumped = new AtomicBoolean();
        Thread asking =
            Thread.startVirtualThread(
                () -> {
                  while (!dumped.get()) {
                    var _ = beside.ask(first.port(), 20, true);
                  }
                });
        Holdings.Facts before = holdings.facts(first);
        Map<String, String> names =
            Map.of(
                "SOURCE",
                source.connection(),
                "TARGET",
                target.connection(),
                "PATH",
                programs + ":" + System.getenv("PATH"));
        run("backup-dump", names);
        dumped.set(true);
        asking.join();
        holdings.ask(5); // later than the backup
        first.kill();
        run("restore-dump", names);
        Cluster.copySecrets(first.data(), second.data());
        second.start();
        second.awaitReady();
        assertRestored(holdings, second, before);

        // the control: without its secrets the database is of no use
        stranger.start();
        stranger.awaitReady();
        assertThat(holdings.client.ask(stranger.port(), 1, false).status()).isEqualTo(401);
      } finally {
        first.kill();
        second.kill();
        stranger.kill();
      }
    }
  }

  @Test
  void aReplicaWithoutItsDataDirectoryGoesOn() throws Exception {
    Cluster cluster = new Cluster(folder, false);
    Path secrets = Files.createDirectory(folder.resolve("secrets"));
    Cluster.copySecrets(cluster.replicas.getFirst().data(), secrets);
    try {
      KillRun.Outcome outcome =
          new KillRun(
                  cluster,
                  killed -> {
                    FileSystemUtils.deleteRecursively(killed.data());
                    Files.createDirectory(killed.data());
                    Cluster.copySecrets(secrets, killed.data());
                  })
              .run(2, 20);
      System.out.println("chaos: data directories lost: " + outcome);
      assertThat(outcome).matches(KillRun.Outcome::good);
    } finally {
      cluster.stop();
    }
  }

  private static void assertRestored(
      Holdings holdings, ReplicaProcess replica, Holdings.Facts before) throws Exception {
    Holdings.Facts after = holdings.facts(replica);
    System.out.println("chaos: restored: " + after.used() + " " + after.events() + " rows");
    assertThat(after).isEqualTo(before);
    assertThat(after.intact()).isTrue();
    assertThat(after.talk()).contains("Count.", PacedEngine.answer(5).strip());
    ChatClient.Seen answer = holdings.client.ask(replica.port(), 3, true);
    assertThat(answer.ended()).as(answer.body()).isTrue();
    assertThat(holdings.facts(replica).intact()).as("with one more row").isTrue();
  }

  private ReplicaProcess replica(String name, List<String> settings) throws IOException {
    List<String> all = new ArrayList<>(settings);
    String classPath = String.join(File.pathSeparator, Cluster.ownClassPath());
    List<String> command = Cluster.command(classPath, "-Xshare:auto", all);
    return new ReplicaProcess(name, folder, command);
  }

  /** Runs the page's block of a kind. */
  private void run(String kind, Map<String, String> names) throws Exception {
    Matcher block =
        Pattern.compile("^```sh " + kind + "\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs", "backup.md")));
    assertThat(block.find()).as(kind).isTrue();
    Path output = folder.resolve(kind + ".out");
    ProcessBuilder shell =
        new ProcessBuilder("bash", "-euxo", "pipefail", "-c", block.group(1))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().putAll(names);
    assertThat(shell.start().waitFor()).as(Files.readString(output)).isZero();
  }
}
