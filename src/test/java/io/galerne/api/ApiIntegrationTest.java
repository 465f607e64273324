package io.galerne.api;

import io.galerne.serving.RecordingLedger;
import io.galerne.serving.ScriptedEngine;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

/** What the tests of the API share: one server, a fresh script and an empty ledger. */
@SpringBootTest(
    classes = ApiTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class ApiIntegrationTest {
  @LocalServerPort int port;
  @Autowired ScriptedEngine engine;
  @Autowired RecordingLedger ledger;

  @BeforeEach
  void reset() {
    engine.reset();
    ledger.reset();
  }

  RestTestClient client() {
    return RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
  }

  RestTestClient.ResponseSpec post(String body) {
    return postTo("/v1/chat/completions", body);
  }

  RestTestClient.ResponseSpec postTo(String path, String body) {
    return client().post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
  }

  String bodyOf(RestTestClient.ResponseSpec response) {
    String body = response.expectBody(String.class).returnResult().getResponseBody();
    return body == null ? "" : body;
  }
}
