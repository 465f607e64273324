package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.serving.ScriptedEngine;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class ModelsIntegrationTests extends ApiIntegrationTest {
  @Test
  void listsEachNameWithEveryFieldOfTheContract() {
    String body = bodyOf(client().get().uri("/v1/models").exchange().expectStatus().isOk());

    assertThat(body)
        .startsWith(
            """
            {"object":"list","data":[{"id":"small","object":"model","created":1702252800,\
            "owned_by":"galerne","capabilities":{"completion_chat":true,"function_calling":true,\
            "reasoning":false,"completion_fim":true,"fine_tuning":false,"vision":false,\
            "ocr":false,"classification":false,"moderation":false,"audio":false,\
            "audio_transcription":false,"audio_transcription_realtime":false,\
            "audio_speech":false},"name":"small","description":"The small one. Served by Scripted\
            """);
    assertThat(body)
        .contains(
            """
            "max_context_length":64,"aliases":["tiny"],"deprecation":null,\
            "deprecation_replacement_model":null,"default_model_temperature":0.3,"type":"base",\
            "weights":{"id":"w","name":"Scripted","architecture":"llama","quantization":"Q4_1",\
            "parameters":134515008,"sha256":"DIGEST"}},\
            {"id":"tiny",\
            """
                .replace("DIGEST", ScriptedEngine.DIGEST))
        .contains("\"completion_chat\":true,\"function_calling\":false")
        .contains("\"name\":\"small\"", "\"aliases\":[\"small\"]", ScriptedEngine.DIGEST)
        .contains(
            """
            "deprecation":"2027-01-01T00:00:00Z","deprecation_replacement_model":"small\"\
            """);
  }

  @Test
  void retrievesByIdAndByAlias() {
    client()
        .get()
        .uri("/v1/models/tiny")
        .header(HttpHeaders.ACCEPT, "text/event-stream")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.id")
        .isEqualTo("tiny");
    client()
        .get()
        .uri(URI.create("http://localhost:" + port + "/v1/models/%74iny"))
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void baseModelsAreNotDeleted() {
    client()
        .delete()
        .uri("/v1/models/tiny")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("invalid_model");
    client().delete().uri("/v1/models/none").exchange().expectStatus().isNotFound();
    client().get().uri("/v1/models/tiny").exchange().expectStatus().isOk();
  }

  @Test
  void anUnknownModelIsNotFound() {
    for (String id : new String[] {"none", "ft%3Aopen%3Ax%3A1", "%C3%A9t%C3%A9"}) {
      client()
          .get()
          .uri(URI.create("http://localhost:" + port + "/v1/models/" + id))
          .exchange()
          .expectStatus()
          .isNotFound()
          .expectBody()
          .jsonPath("$.object")
          .isEqualTo("error")
          .jsonPath("$.type")
          .isEqualTo("invalid_model")
          .jsonPath("$.code")
          .isEqualTo("1500");
    }
  }
}
