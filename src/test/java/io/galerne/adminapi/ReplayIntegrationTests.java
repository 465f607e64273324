package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerRecord;
import io.galerne.launch.Terminal;
import io.galerne.replay.ReplayCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers of the real models leave records, and can be computed again from them. */
class ReplayIntegrationTests extends AdminIntegrationTest {
  private static final String REQUESTS = "/v1/admin/audit/requests/";
  private static final String QUESTION =
      "\"model\": \"mistral-small\", \"messages\":"
          + " [{\"role\": \"user\", \"content\": \"Name a canary bird, please.\"}]";

  @TempDir Path folder;
  private String key;

  @BeforeEach
  void newKey() {
    String body =
        "{\"name\": \"chat\", \"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
            .formatted(own.workspace(), own.owner());
    Answer created = post(own.key(), "/v1/admin/api-keys", body);
    assertThat(created.status()).as(created.text()).isEqualTo(200);
    key = created.json().get("key").asString();
  }

  private void keepContent(boolean keep) {
    Answer set = patch(own.key(), "/v1/admin/audit/settings", "{\"keep_content\": " + keep + "}");
    assertThat(set.status()).as(set.text()).isEqualTo(200);
  }

  /** Sends a request; the id of its record. */
  private String ask(String path, String body, int status) {
    Answer answer = post(key, path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    return lastRequest();
  }

  private String chat(String rest) {
    return ask("/v1/chat/completions", "{" + QUESTION + ", " + rest + "}", 200);
  }

  private String lastRequest() {
    Answer rows = get(own.key(), "/v1/admin/usage/requests?page_size=1");
    return rows.json().at("/data/0/request_id").asString();
  }

  private JsonNode replay(String id) {
    Answer answer = post(own.key(), REQUESTS + id + "/replay", null);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private JsonNode everything(String id) {
    return get(own.key(), REQUESTS + id).json();
  }

  private int replayOffline(StringWriter out, JsonNode everything) throws IOException {
    Path file =
        Files.writeString(folder.resolve("record.json"), JSON.writeValueAsString(everything));
    PrintWriter writer = new PrintWriter(out, true);
    return ReplayCommand.run(new Terminal(writer, writer, Optional.empty()), file.toString());
  }

  @Test
  void allKindsOfAnswersReplayByteForByte() {
    keepContent(true);
    String tool =
        """
        "tools": [{"type": "function", "function": {"name": "sing", "description": "Sings.",
          "parameters": {"type": "object", "properties": {"loud": {"type": "boolean"}},
            "required": ["loud"], "additionalProperties": false}}}], "tool_choice": "any"\
        """;
    String schema =
        """
        "response_format": {"type": "json_schema", "json_schema": {"name": "b", "schema":
          {"type": "object", "properties": {"bird": {"type": "string", "maxLength": 12}},
           "required": ["bird"], "additionalProperties": false}}}, "temperature": 0.9\
        """;
    List<String> ids =
        List.of(
            chat("\"temperature\": 0, \"max_tokens\": 24"),
            chat("\"temperature\": 1.2, \"random_seed\": 7, \"max_tokens\": 24, \"stream\": true"),
            chat("\"temperature\": 1, \"n\": 2, \"max_tokens\": 12, \"stop\": [\"bird\"]"),
            chat("\"max_tokens\": 64, " + schema),
            chat("\"max_tokens\": 64, " + tool),
            chat("\"max_tokens\": 0"),
            ask(
                "/v1/embeddings",
                "{\"model\": \"mistral-embed\", \"input\": [\"canary\", \"A yellow bird.\"]}",
                200));
    for (String id : ids) {
      JsonNode verdict = replay(id);
      assertThat(verdict.get("verdict").asString()).as(verdict.toString()).isEqualTo("equal");
      assertThat(verdict.get("digests"))
          .isEqualTo(everything(id).at("/answer/digests/answers"))
          .isNotEmpty();
    }
    JsonNode verified = get(own.key(), "/v1/admin/audit/verify?trail=answers").json();
    assertThat(verified.get("intact").asBoolean()).isTrue();
    assertThat(verified.get("rows").asInt()).isEqualTo(ids.size());
  }

  @Test
  void whoHasTheFileAndTheWeightsNeedsNoServer() throws IOException {
    keepContent(true);
    String id = chat("\"temperature\": 0.8, \"random_seed\": 3, \"max_tokens\": 16");
    StringWriter out = new StringWriter();
    assertThat(replayOffline(out, everything(id))).as(out.toString()).isZero();
    assertThat(out.toString()).startsWith("Equal: 1 answers");
  }

  /** The control: what was changed is found, also by somebody who made the digests fit. */
  @Test
  void whatWasChangedIsFound() throws IOException {
    keepContent(true);
    JsonNode file = everything(chat("\"temperature\": 0, \"max_tokens\": 16"));
    String text = file.at("/content/answers/0/text").asString();
    UnaryOperator<String> forged = answer -> answer.replace(text, text.substring(0, 9) + "!");

    ObjectNode content = (ObjectNode) JSON.readTree(file.toString());
    content.set("content", JSON.readTree(forged.apply(file.get("content").toString())));
    StringWriter one = new StringWriter();
    assertThat(replayOffline(one, content)).isEqualTo(1);
    assertThat(one.toString()).startsWith("Different in content.answers[0]");

    ObjectNode both = (ObjectNode) JSON.readTree(content.toString());
    AnswerContent fake = JSON.treeToValue(both.get("content"), AnswerContent.class);
    UUID id = UUID.fromString(file.at("/answer/request_id").asString());
    ((ObjectNode) both.get("answer"))
        .set("digests", JSON.valueToTree(AnswerRecord.Digests.of(id, fake)));
    StringWriter two = new StringWriter();
    assertThat(replayOffline(two, both)).isEqualTo(1);
    assertThat(two.toString()).startsWith("Different in answers[0] at byte ");
    int at = text.substring(0, 9).getBytes(StandardCharsets.UTF_8).length;
    assertThat(two.toString()).contains(" at byte " + at + ":");

    ObjectNode other = (ObjectNode) JSON.readTree(file.toString());
    ((ObjectNode) other.get("answer")).put("weights_digest", "ab".repeat(32));
    assertThat(replayOffline(new StringWriter(), other)).isEqualTo(1);
  }

  @Test
  void withoutContentThereIsARecordAndNothingToReplay() {
    String id = chat("\"temperature\": 0, \"max_tokens\": 4, \"stop\": [\"canary\"]");
    JsonNode all = everything(id);
    assertThat(all.has("content")).isFalse();
    assertThat(all.at("/answer/parameters/max_tokens").asInt()).isEqualTo(4);
    assertThat(all.at("/answer/weights_digest").asString()).hasSize(64);
    assertThat(all.get("answer").toString()).doesNotContain("canary");
    assertThat(replay(id).get("verdict").asString()).isEqualTo("not_replayable");

    keepContent(true);
    String kept = chat("\"temperature\": 0, \"max_tokens\": 4");
    assertThat(replay(kept).get("verdict").asString()).isEqualTo("equal");
    assertThat(post(own.key(), "/v1/admin/audit/shred", null).status()).isEqualTo(200);
    assertThat(replay(kept).get("verdict").asString()).isEqualTo("not_replayable");
    assertThat(everything(kept).has("content")).isFalse();
    assertThat(everything(kept).get("answer")).isNotNull();
  }

  @Test
  void whatAPolicyCutOrRefusedHasARecordUnderItsVersion() {
    keepContent(true);
    String free = everything(chat("\"temperature\": 0, \"max_tokens\": 24")).toString();
    String text = JSON.readTree(free).at("/content/answers/0/text").asString();
    String[] words = text.split("\\W+", -1);
    String word = words[words.length / 2];
    String policy =
        """
        {"name": "P", "rules": [
         {"id": "o", "type": "phrases", "phrases": ["%s"],
          "category": "words", "applies_to": "output", "action": "block"},
         {"id": "i", "type": "phrases", "phrases": ["forbidden"],
          "category": "words", "applies_to": "input", "action": "block"}]}
        """
            .formatted(word);
    Answer created = post(own.key(), "/v1/admin/policies", policy);
    assertThat(created.status()).as(created.text()).isBetween(200, 299);
    String publish = "/v1/admin/policies/" + created.json().get("id").asString() + "/publish";
    Answer published = post(own.key(), publish, null);
    assertThat(published.status()).as(published.text()).isEqualTo(200);

    String body = "{" + QUESTION + ", \"temperature\": 0, \"max_tokens\": 24, \"stream\": true}";
    String cut = ask("/v1/chat/completions", body, 200);
    JsonNode record = everything(cut);
    assertThat(record.at("/answer/outcome").asString()).isEqualTo("BLOCKED");
    assertThat(record.at("/answer/policy_version").asString()).hasSize(64);
    assertThat(record.at("/ledger/policy_version")).isEqualTo(record.at("/answer/policy_version"));
    assertThat(record.at("/content/answers/0/text").asString()).doesNotContain(word);
    assertThat(record.at("/content/generated/0/text").asString()).contains(word);
    JsonNode verdict = replay(cut);
    assertThat(verdict.get("verdict").asString()).as(verdict.toString()).isEqualTo("equal");
    assertThat(verdict.get("cut").asInt()).isEqualTo(1);

    String refused = ask("/v1/chat/completions", body.replace("Name a", "Name a forbidden"), 403);
    JsonNode input = everything(refused);
    assertThat(input.at("/answer/outcome").asString()).isEqualTo("BLOCKED");
    assertThat(input.at("/answer/digests/answers")).isEmpty();
    assertThat(input.at("/answer/policy_version").asString()).hasSize(64);
  }

  @Test
  void othersRequestsAreUnknown() {
    keepContent(true);
    String id = chat("\"temperature\": 0, \"max_tokens\": 2");
    Tenant other = createTenant("Other");
    for (String path : Arrays.asList(id, UUID.randomUUID().toString())) {
      Answer answer = post(other.key(), REQUESTS + path + "/replay", null);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.text()).doesNotContain(id);
    }
  }
}
