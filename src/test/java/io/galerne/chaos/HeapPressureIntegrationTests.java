package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.chaos.ChatClient.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies as large as may be, of as many values as fit, from many clients at once. */
@Tag("chaos")
class HeapPressureIntegrationTests {
  private static final int CLIENTS = Integer.getInteger("chaos.bodies", 300);
  private static final int BODY_BYTES = 1_000_000;

  @Test
  void tooMuchAtOnceIsRefusedAndNobodyDies() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "heap-").toAbsolutePath();
    Cluster cluster =
        new Cluster(
            folder,
            false,
            List.of("-XX:+ExitOnOutOfMemoryError", "-Dchaos.places=10", "-Dchaos.waiting=10"),
            List.of());
    try {
      ReplicaProcess replica = cluster.replicas.getFirst();
      Cluster.Tenant tenant = cluster.newTenant("heap");
      String key = cluster.newKey(tenant).secret();
      ChatClient client = new ChatClient(key);
      Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CLIENTS; i++) {
          boolean values = i % 2 == 0;
          threads.execute(() -> statuses.merge(status(replica, key, values), 1, Integer::sum));
        }
      }
      System.out.println(
          "chaos: %d bodies of 1 MB at once against a heap of 400 MB: %s, %d MiB resident"
              .formatted(CLIENTS, new TreeMap<>(statuses), replica.residentMebibytes()));
      assertThat(replica.isAlive()).isTrue();
      assertThat(statuses.keySet()).isSubsetOf(200, 400, 422, 429, 503);
      for (int i = 0; i < 20; i++) {
        Seen seen = client.ask(replica.port(), 5, i % 2 == 0);
        assertThat(seen.ended()).as(seen.body()).isTrue();
      }
      assertThat(Files.readString(replica.log())).doesNotContain("OutOfMemoryError");
    } finally {
      cluster.stop();
    }
  }

  /**
   * @param values many small values that nobody knows the field of; otherwise one long message
   */
  private static int status(ReplicaProcess replica, String key, boolean values) {
    String filler =
        values
            ? "\"metadata\": [" + "{},".repeat((BODY_BYTES - 300) / 3) + "{}]"
            : "\"user\": \"" + "x".repeat(BODY_BYTES - 300) + "\"";
    String body =
        "{\"model\": \"mistral-small\", \"max_tokens\": 1, \"messages\": [{\"role\": \"user\","
            + " \"content\": \"Count.\"}], "
            + filler
            + "}";
    String headers = "Authorization: Bearer " + key + "\r\nContent-Type: application/json\r\n";
    try {
      return RawClient.send(replica.port(), "POST", ChatClient.PATH, headers, body, _ -> {})
          .status();
    } catch (IOException e) {
      return 0;
    }
  }
}
