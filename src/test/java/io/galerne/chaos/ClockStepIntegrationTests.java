package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.galerne.chaos.ChatClient.Seen;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The clock of one replica jumps an hour ahead and an hour back, under streams. */
@Tag("chaos")
class ClockStepIntegrationTests {
  private static final long HOUR = 3_600;
  private static final int STREAMS = 10;
  private static final int TOKENS = 500;

  @Test
  void answersTheBooksAndTheTrailDontMind() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "clock-").toAbsolutePath();
    Path library = compiled(folder);
    Path step = Files.write(folder.resolve("step"), new byte[Long.BYTES]);
    Cluster cluster = new Cluster(folder, false);
    ReplicaProcess stepped = cluster.replicas.getFirst();
    try {
      stepped.kill();
      stepped.getsEnvironment("LD_PRELOAD", library.toString());
      stepped.getsEnvironment("STEPPED_CLOCK", step.toString());
      stepped.start();
      stepped.awaitReady();
      Cluster.Tenant tenant = cluster.newTenant("clock");
      ChatClient client = new ChatClient(cluster.newKey(tenant).secret());
      String soonOver = expiring(cluster, cluster.newTenant("ends"));
      Books books = new Books(cluster.postgres, tenant.id());
      try (Clients clients = new Clients(Integer.MAX_VALUE)) {
        for (long seconds : new long[] {HOUR, -HOUR, 0}) {
          clients.start(2 * STREAMS, i -> client.ask(cluster.port(i % 2), TOKENS, i % 4 > 0));
          LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
          step(step, seconds);
          clients.await();
          clients.start(40, i -> client.ask(cluster.port(i % 2), 5, i % 4 > 0));
          clients.await();
          // the key's end is a moment of the clock, each replica's own
          int status = new ChatClient(soonOver).ask(stepped.port(), 1, false).status();
          assertThat(status).as("%d s", seconds).isEqualTo(seconds == HOUR ? 401 : 200);
          assertThat(new ChatClient(soonOver).ask(cluster.port(1), 1, false).status())
              .isEqualTo(200);
          Cluster.newKey(stepped, tenant); // a row of the trail, with its time
        }
        assertThat(clients.seen()).allMatch(Seen::ended);
        Books.Figures figures = books.compare(clients.seen());
        System.out.println("chaos: clock steps: " + figures);
        assertThat(figures).matches(Books.Figures::good);
        assertThat(figures.ended()).isEqualTo(3 * (2 * STREAMS + 40));
      }
      assertThat(books.orphansAfter(Duration.ofSeconds(30))).isZero();
      assertThat(books.disagreements()).isZero();
      assertThat(books.number(AHEAD)).as("the clock did step").isPositive();
      for (String trail : new String[] {"events", "answers"}) {
        String path = "/v1/admin/audit/verify?trail=" + trail;
        JsonNode verdict = Cluster.admin(cluster.port(1), tenant.adminKey(), "GET", path, "");
        assertThat(verdict.get("intact").asBoolean()).as(trail).isTrue();
      }
    } finally {
      cluster.stop();
    }
  }

  private static final String AHEAD =
      "select count(*) from usage_event where tenant_id = ?"
          + " and started_at > recorded_at + interval '30 minutes'";

  private static String expiring(Cluster cluster, Cluster.Tenant tenant) throws IOException {
    JsonNode created =
        Cluster.admin(
            cluster.port(1),
            tenant.adminKey(),
            "POST",
            "/v1/admin/api-keys",
            """
            {"name": "soon", "workspace_uuid": "%s", "user_id": "%s", "expires_at": "%s"}
            """
                .formatted(
                    tenant.workspace(),
                    tenant.owner(),
                    Instant.now().plusSeconds(HOUR / 2).truncatedTo(ChronoUnit.SECONDS)));
    return created.get("key").asString();
  }

  private static void step(Path file, long seconds) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
      channel.write(bytes.putLong(0, seconds), 0);
    }
  }

  private static Path compiled(Path folder) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "there is no compiler of C");
    Path source = folder.resolve("stepped-clock.c");
    try (InputStream text =
        ClockStepIntegrationTests.class.getResourceAsStream("/chaos/stepped-clock.c")) {
      Files.write(source, Objects.requireNonNull(text).readAllBytes());
    }
    Path library = folder.resolve("stepped-clock.so");
    int status =
        new ProcessBuilder(
                "/usr/bin/cc",
                "-O1",
                "-shared",
                "-fPIC",
                "-o",
                library.toString(),
                source.toString())
            .inheritIO()
            .start()
            .waitFor();
    assertThat(status).isZero();
    return library;
  }
}
