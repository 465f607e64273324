package io.galerne.launch;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A start that the JVM watches, on an empty data directory, with one streamed answer if there are
 * weights. At its end the JVM writes the cache.
 */
final class TrainingRun {
  private static final Duration READY_MAX = Duration.ofMinutes(3);
  private static final Duration ANSWER_MAX = Duration.ofMinutes(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  /** What a JVM that SIGTERM ended gives. */
  private static final int STOPPED = 143;

  private static final String QUESTION =
      "{\"model\":\"mistral-tiny\",\"stream\":true,\"max_tokens\":48,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"What is the best French cheese?\"}]}";

  private final String java;
  private final PreparedStart made;
  private final HttpClient client = HttpClient.newHttpClient();

  TrainingRun(String java, PreparedStart made) {
    this.java = java;
    this.made = made;
  }

  void run() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("galerne-prepare");
    int port = freePort();
    try (ChildJvm server = ChildJvm.start(command(data, port))) {
      awaitReady(server, port);
      ask(port, Files.readString(data.resolve("demo-key")).strip());
      server.stop();
      server.awaitEnd(STOPPED);
      if (!Files.isRegularFile(made.cache())) {
        throw server.failed("left no cache");
      }
    } finally {
      PrepareCommand.delete(data);
    }
  }

  private List<String> command(Path data, int port) {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(Relaunch.OPTIONS);
    command.add("-XX:AOTCacheOutput=" + made.cache());
    command.addAll(List.of("-jar", made.program().toString()));
    command.addAll(
        List.of(
            "--spring.config.location=classpath:/",
            "--server.address=127.0.0.1",
            "--server.port=" + port,
            "--galerne.data-directory=" + data));
    return command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private void awaitReady(ChildJvm server, int port) throws IOException, InterruptedException {
    HttpRequest ready = request(port, "/actuator/health/readiness").GET().build();
    long deadline = System.nanoTime() + READY_MAX.toNanos();
    while (status(ready) != 200) {
      if (server.endsWithin(LOOK_AGAIN) || System.nanoTime() > deadline) {
        throw server.failed("doesn't get ready");
      }
    }
  }

  /** Zero while nobody listens. */
  private int status(HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Without weights the answer is a refusal, which is as good as it gets then. */
  private void ask(int port, String key) throws IOException, InterruptedException {
    client.send(
        request(port, "/v1/chat/completions")
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(QUESTION))
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(ANSWER_MAX);
  }
}
