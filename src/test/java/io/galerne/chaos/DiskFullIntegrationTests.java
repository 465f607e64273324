package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.galerne.chaos.ChatClient.Seen;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No room for the journal of a replica, while the database is away and while it isn't. */
@Tag("chaos")
class DiskFullIntegrationTests {
  private static final int STREAMS = 10;
  private static final int TOKENS = 1_500;

  @Test
  void streamsRestUntilThereIsRoomOrTheDatabase() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "disk-").toAbsolutePath();
    Cluster cluster = new Cluster(folder, false);
    ReplicaProcess full = cluster.replicas.getFirst();
    Path journal = full.data().resolve("journal");
    full.kill();
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", journal.toString());
    try {
      assumeTrue(mounted, "no file system can be mounted here");
      full.start();
      full.awaitReady();
      Cluster.Tenant tenant = cluster.newTenant("disk");
      ChatClient client = new ChatClient(cluster.newKey(tenant).secret());
      Books books = new Books(cluster.postgres, tenant.id());
      Path ballast = journal.resolve("ballast");
      try (Clients clients = new Clients(Integer.MAX_VALUE)) {
        clients.start(2, i -> client.ask(cluster.port(i), 1, false));
        clients.await();
        fill(ballast);
        // with the database there, nobody needs the journal
        clients.start(40, i -> client.ask(cluster.port(i % 2), 5, i % 4 > 0));
        clients.await();
        assertThat(clients.seen()).allMatch(Seen::ended);

        clients.start(2 * STREAMS, i -> client.ask(cluster.port(i % 2), TOKENS, true));
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        cluster.postgres.crash();
        LockSupport.parkNanos(Duration.ofSeconds(8).toNanos());
        Files.delete(ballast); // room again, before the database is back
        LockSupport.parkNanos(Duration.ofSeconds(8).toNanos());
        cluster.postgres.start();
        clients.await();
        long orphans = books.orphansAfter(Duration.ofSeconds(60));
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (books.compare(clients.seen()).missing() > 0 && System.nanoTime() < deadline) {
          LockSupport.parkNanos(200_000_000);
        }
        Books.Figures figures = books.compare(clients.seen());
        System.out.println("chaos: disk full: " + figures + ", orphans " + orphans);
        assertThat(figures).matches(Books.Figures::good);
        assertThat(clients.seen().stream().filter(seen -> !seen.ended()).map(Seen::body)).isEmpty();
        assertThat(orphans).isZero();
        assertThat(books.disagreements()).isZero();
      }
    } finally {
      cluster.stop();
      if (mounted) {
        run("umount", "--lazy", journal.toString());
      }
    }
  }

  private static void fill(Path ballast) throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static boolean run(String... line) throws IOException, InterruptedException {
    return new ProcessBuilder(line).inheritIO().start().waitFor() == 0;
  }
}
