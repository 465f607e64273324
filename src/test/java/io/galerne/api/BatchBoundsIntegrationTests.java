package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Files and batches at each bound, and one past it. */
@TestPropertySource(
    properties = {
      "galerne.files.size-max=4KB",
      "galerne.batch.enabled=false",
      "galerne.batch.lines-max=3",
      "galerne.batch.line-size-max=1KB",
      "galerne.batch.inline-max=4",
      "galerne.batch.inline-size-max=64KB"
    })
class BatchBoundsIntegrationTests extends PlatformIntegrationTest {
  private static final int FILE_BYTES = 4096;
  private static final int LINE_BYTES = 1024;

  private BatchClient client = new BatchClient(0, "");

  @BeforeEach
  void issueAKey() {
    client = new BatchClient(port, newKey());
  }

  private static String line(int number) {
    return "{\"custom_id\":\"%d\",\"body\":{\"model\":\"mistral-tiny\",\"messages\":[]}}"
        .formatted(number);
  }

  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> line(i)).collect(Collectors.joining("\n"));
  }

  private static String requests(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> line(i))
        .collect(Collectors.joining(",", "\"requests\":[", "]"));
  }

  private BatchClient.Answer job(String fields) {
    return client.post("/v1/batch/jobs", "{\"endpoint\":\"/v1/chat/completions\"," + fields + "}");
  }

  @Test
  void bytesOfAFile() {
    String padding = "\n".repeat(FILE_BYTES - line(0).length());
    assertThat(client.upload(line(0) + padding).status()).isEqualTo(200);
    BatchClient.Answer past = client.upload(line(0) + padding + "\n");
    assertThat(past.status()).as(past.body()).isEqualTo(413);
    assertThat(past.json().path("type").asString()).isEqualTo("request_too_large");
    assertThat(client.get("/v1/files").json().path("total").asInt()).isEqualTo(1);
  }

  /** The length is said in the head; nothing of the body has to come. */
  @Test
  void aFileThatIsFarTooLargeIsRefusedUnread() throws Exception {
    try (RawHttp http =
        RawHttp.partial(
            port,
            "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                    .formatted(newKey())
                + "Content-Type: multipart/form-data; boundary=x\r\n"
                + "Content-Length: 99000000\r\n\r\n")) {
      assertThat(http.awaitText("}"))
          .startsWith("HTTP/1.1 413")
          .contains("request_too_large", "4096 bytes");
    }
  }

  @Test
  void linesOfAFile() {
    assertThat(client.upload(lines(3)).status()).isEqualTo(200);
    assertInvalid(client.upload(lines(4)), "a file has at most 3 requests");
  }

  @Test
  void bytesOfALine() {
    String blanks = " ".repeat(LINE_BYTES - line(0).length());
    assertThat(client.upload(line(0) + blanks).status()).isEqualTo(200);
    assertInvalid(client.upload(line(0) + blanks + " "), "longer than 1024 bytes");
  }

  @Test
  void requestsThatComeAlong() {
    assertInvalid(job(requests(5)), "at most 4 items");
    assertInvalid(job(requests(4)), "at most 3"); // lines are lines, wherever they come from
    assertThat(job(requests(3)).status()).isEqualTo(200);
  }

  @Test
  void filesOfAJob() {
    List<String> ids =
        IntStream.range(0, BatchJobReader.FILES_MAX + 1)
            .mapToObj(_ -> "\"" + UUID.randomUUID() + "\"")
            .toList();
    String all = String.join(",", ids);
    String fewer = String.join(",", ids.subList(1, ids.size()));
    assertThat(job("\"input_files\":[" + fewer + "]").status()).isEqualTo(400); // not there
    assertInvalid(job("\"input_files\":[" + all + "]"), "at most 100 items");
  }

  @Test
  void metadataOfAJob() {
    assertThat(job(metadata(32, 32, 512)).status()).isEqualTo(200);
    assertInvalid(job(metadata(33, 32, 512)), "at most 32 entries");
    assertInvalid(job(metadata(1, 33, 512)), "keys of 1 to 32");
    assertInvalid(job(metadata(1, 32, 513)), "values of 1 to 512");
  }

  private static String metadata(int entries, int key, int value) {
    String text = "\uD83D\uDE00".repeat(value);
    return IntStream.range(0, entries)
        .mapToObj(i -> "\"%s\":\"%s\"".formatted("k".repeat(key - 2) + (10 + i), text))
        .collect(Collectors.joining(",", "\"metadata\":{", "}," + requests(1)))
        .replace(text, entries > 4 ? "v".repeat(value) : text);
  }

  @Test
  void hoursOfAJob() {
    assertThat(job("\"timeout_hours\":168," + requests(1)).status()).isEqualTo(200);
    assertInvalid(job("\"timeout_hours\":169," + requests(1)), "less than or equal to 168");
  }

  @Test
  void pagesOfLists() {
    for (String list : List.of("/v1/files", "/v1/batch/jobs")) {
      assertThat(client.get(list + "?page=1000000&page_size=1000").status()).isEqualTo(200);
      assertInvalid(client.get(list + "?page=1000001"), "less than or equal to 1000000");
      assertInvalid(client.get(list + "?page_size=1001"), "less than or equal to 1000");
      assertInvalid(client.get(list + "?page_size=0"), "greater than or equal to 1");
      assertInvalid(client.get(list + "?page_size="), "a valid integer");
    }
    String far = "1079-04-25T08:55:46%2B18:26"; // RFC 3339 goes further than Java's own reader
    assertThat(client.get("/v1/batch/jobs?created_after=" + far).status()).isEqualTo(200);
    assertThat(client.get("/v1/batch/jobs?created_after=2026-01-31T10:00:00").status())
        .isEqualTo(200);
    assertInvalid(client.get("/v1/batch/jobs?created_after=yesterday"), "a valid datetime");
  }

  private static void assertInvalid(BatchClient.Answer answer, String message) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    assertThat(answer.json().at("/detail/0/msg").asString()).contains(message);
  }
}
