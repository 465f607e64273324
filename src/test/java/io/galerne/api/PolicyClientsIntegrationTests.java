package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.galerne.GalerneApplication;
import io.galerne.database.DataDirectory;
import io.galerne.database.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tenant publishes policies with its admin key, and official clients meet them. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class PolicyClientsIntegrationTests {
  @LocalServerPort int port;
  @Autowired DataDirectory data;

  private JsonNode admin(String key, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/admin" + path))
            .header("x-api-key", key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JsonMapper.shared().readTree(response.body());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mistral-python, PYTHON, moderation.py",
    "mistral-typescript, NODE, moderation.mjs",
  })
  void obeyTheExamplePolicies(String client, ClientPackages.Platform runtime, String script)
      throws Exception {
    String lack = runtime.lack();
    assumeTrue(lack.isEmpty(), lack);
    JsonNode organization =
        admin(
            data.readSecret("operator-key").orElseThrow(),
            "/organizations",
            """
            {"name": "Policies",
             "owner": {"email": "owner@policies.example", "first_name": "O", "last_name": "W"}}\
            """);
    String adminKey = organization.get("admin_key").asString();
    JsonNode key =
        admin(
            adminKey,
            "/api-keys",
            "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                .formatted(
                    organization.get("workspace_uuid").asString(),
                    organization.get("owner_uuid").asString()));

    ClientPackages.Result result =
        new ClientPackages(client, runtime)
            .run(
                script,
                Map.of(
                    "GALERNE_URL",
                    "http://127.0.0.1:" + port,
                    "GALERNE_KEY",
                    key.get("key").asString(),
                    "GALERNE_ADMIN_KEY",
                    adminKey,
                    "GALERNE_POLICIES",
                    Path.of("config/policies").toAbsolutePath().toString()));

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output().lines())
        .contains(
            "check publish", "check bank", "check school", "check hospital", "check moderate");
  }
}
