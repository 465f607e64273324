package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/**
 * What somebody who waits for an answer feels of another tenant's batch. It measures time, so it
 * needs a machine of its own.
 */
@Tag("nightly")
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class BatchBesidePeopleIntegrationTests {
  private static final Logger log =
      LoggerFactory.getLogger(BatchBesidePeopleIntegrationTests.class);
  private static final int REQUESTS = 21;
  private static final int BESIDE = 8;

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  private final HttpClient http = HttpClient.newHttpClient();
  private int asked;

  /** Milliseconds to the first token and to the last of 32, medians. */
  private record Times(double first, double last) {}

  @Test
  void aBatchIsHardlyFelt() throws Exception {
    String person = key();
    String others = key();
    measure(person);
    Times alone = measure(person);

    BatchClient client = new BatchClient(port, others);
    String[] lines =
        IntStream.range(0, 400)
            .mapToObj(i -> "{\"custom_id\":\"%d\",\"body\":%s}".formatted(i, body(i, 200, false)))
            .toArray(String[]::new);
    String job = client.job("/v1/chat/completions", client.fileOf(lines), "mistral-tiny");
    client.await(job, "RUNNING");
    measure(person);
    Times besideBatch = measure(person);
    client.post("/v1/batch/jobs/" + job + "/cancel", "").ok();
    client.await(job, "CANCELLED");
    Times besidePeople = besidePeople(person, others);

    log.info(
        "alone {}, beside a batch {}, beside {} people {}",
        alone,
        besideBatch,
        BESIDE,
        besidePeople);
    assertThat(besideBatch.first()).isLessThan(2 * alone.first());
    assertThat(besidePeople.last()).as("the control").isGreaterThan(1.5 * besideBatch.last());
  }

  /** The same requests as the batch's, as many at once, from people. */
  private Times besidePeople(String person, String others) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < BESIDE; i++) {
        var _ =
            threads.submit(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    time(others, 200);
                  }
                  return null;
                });
      }
      measure(person);
      Times times = measure(person);
      threads.shutdownNow();
      return times;
    }
  }

  private String key() {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "T");
    registry.registerWorkspace(tenant, workspace, "W");
    return keys.issue(tenant, workspace, "K", null).secret();
  }

  private Times measure(String key) throws Exception {
    double[] first = new double[REQUESTS];
    double[] last = new double[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      Times times = time(key, 32);
      first[i] = times.first();
      last[i] = times.last();
    }
    Arrays.sort(first);
    Arrays.sort(last);
    return new Times(first[REQUESTS / 2], last[REQUESTS / 2]);
  }

  private Times time(String key, int tokens) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body(number(), tokens, true)))
            .build();
    long start = System.nanoTime();
    long first = 0;
    HttpResponse<InputStream> response =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line; (line = reader.readLine()) != null; ) {
        if (first == 0 && line.startsWith("data:") && !line.contains("\"content\":\"\"")) {
          first = System.nanoTime() - start;
        }
      }
    }
    return new Times(first / 1e6, (System.nanoTime() - start) / 1e6);
  }

  private synchronized int number() {
    return asked++;
  }

  private static String body(int number, int tokens, boolean stream) {
    return "{\"model\":\"mistral-tiny\",\"stream\":%b,\"max_tokens\":%d,\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"%d. Tell a long story about the harbour of a small town, its ships, and the people who work there.\"}]}"
        .formatted(stream, tokens, number);
  }
}
