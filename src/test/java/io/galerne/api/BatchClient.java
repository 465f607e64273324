package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of files and batches that shows what went over the wire. */
final class BatchClient {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String BOUNDARY = "a-boundary";
  private static final Duration JOB_MAX = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final String key;

  BatchClient(int port, String key) {
    this.url = "http://127.0.0.1:" + port;
    this.key = key;
  }

  record Answer(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      return MAPPER.readTree(body);
    }

    JsonNode ok() {
      assertThat(status).as(body).isEqualTo(200);
      return json();
    }
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer delete(String path) {
    return send(request(path).DELETE());
  }

  Answer post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** Without a key. */
  Answer visit(String address) {
    return send(HttpRequest.newBuilder(URI.create(address)));
  }

  Answer upload(String content) {
    return uploadParts(field("purpose", "batch"), file(content));
  }

  Answer uploadParts(String... parts) {
    String body = String.join("", parts) + "--" + BOUNDARY + "--\r\n";
    return send(
        request("/v1/files")
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  static String field(String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, name, value);
  }

  static String file(String content) {
    return "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, content);
  }

  String fileOf(String... lines) {
    return upload(String.join("\n", lines)).ok().path("id").asString();
  }

  String job(String endpoint, String file, String model) {
    return post(
            "/v1/batch/jobs",
            "{\"endpoint\":\"%s\",\"input_files\":[\"%s\"],\"model\":\"%s\"}"
                .formatted(endpoint, file, model))
        .ok()
        .path("id")
        .asString();
  }

  /** The job once it has one of these statuses. */
  JsonNode await(String job, String... statuses) throws InterruptedException {
    long until = System.nanoTime() + JOB_MAX.toNanos();
    JsonNode seen = get("/v1/batch/jobs/" + job).ok();
    while (!List.of(statuses).contains(seen.path("status").asString())) {
      assertThat(System.nanoTime()).as(seen.toString()).isLessThan(until);
      assertThat(new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS)).isFalse();
      seen = get("/v1/batch/jobs/" + job).ok();
    }
    return seen;
  }

  List<JsonNode> lines(JsonNode fileId) {
    Answer content = get("/v1/files/" + fileId.asString() + "/content");
    assertThat(content.status()).isEqualTo(200);
    return Stream.of(content.body().split("\n")).map(line -> MAPPER.readTree(line)).toList();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(
              request.timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
