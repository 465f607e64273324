package io.galerne.audit;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells checkpoints to the outside: what is written down elsewhere can't be taken back by whoever
 * has the database. A failure is logged; the next checkpoint covers what this one would have.
 */
@Component
class Anchors {
  private static final Logger log = LoggerFactory.getLogger(Anchors.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final AuditProperties properties;

  Anchors(AuditProperties properties) {
    this.properties = properties;
  }

  void add(Checkpoint checkpoint) {
    String line = JSON.writeValueAsString(checkpoint);
    try {
      Path file = properties.anchorFile();
      if (file != null) {
        Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      post(line);
    } catch (IOException e) {
      log.error("checkpoint {} of {} was not anchored", checkpoint.seq(), checkpoint.tenantId(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void post(String line) throws IOException, InterruptedException {
    if (properties.anchorUrl() == null) {
      return;
    }
    try (HttpClient http =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      int status =
          http.send(
                  HttpRequest.newBuilder(properties.anchorUrl())
                      .timeout(TIMEOUT)
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(line))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode();
      if (status / 100 != 2) {
        throw new IOException("HTTP " + status);
      }
    }
  }

  /** What the anchor file says of a chain; nothing where there is none. */
  List<Checkpoint> of(UUID tenantId, Trail trail) {
    Path file = properties.anchorFile();
    if (file == null || !Files.exists(file)) {
      return List.of();
    }
    try {
      return read(file).stream()
          .filter(point -> point.tenantId().equals(tenantId) && point.trail() == trail)
          .toList();
    } catch (IOException e) {
      log.error("the anchors in {} can't be read", file, e);
      return List.of();
    }
  }

  /** Checkpoints, one in each line. */
  static List<Checkpoint> read(Path file) throws IOException {
    List<Checkpoint> points = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      try {
        points.add(JSON.readValue(line, Checkpoint.class));
      } catch (JacksonException e) {
        throw new IOException(file + " has a line that is no checkpoint", e);
      }
    }
    return points;
  }
}
