package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.database.DataDirectory;
import io.galerne.database.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the tests of the Admin API share: one server, and an organisation of their own each. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
abstract class AdminIntegrationTest {
  static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort int port;
  @Autowired DataDirectory data;

  private final HttpClient client = HttpClient.newHttpClient();
  Tenant own;

  /** A tenant with its owner's key. */
  record Tenant(UUID id, UUID owner, UUID workspace, String key) {}

  /** An answer. */
  record Answer(int status, String text, HttpResponse<String> response) {
    JsonNode json() {
      return JSON.readTree(text);
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  @BeforeEach
  void newTenant() {
    own = createTenant("Own");
  }

  String operator() {
    return data.readSecret("operator-key").orElseThrow();
  }

  Tenant createTenant(String name) {
    Answer answer =
        post(
            operator(),
            "/v1/admin/organizations",
            """
            {"name": "%s", "owner": {"email": "owner@%s.example", "first_name": "O", "last_name": "W"}}
            """
                .formatted(name, name.toLowerCase(java.util.Locale.ROOT)));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode created = answer.json();
    return new Tenant(
        UUID.fromString(created.at("/organization/uuid").asString()),
        UUID.fromString(created.get("owner_uuid").asString()),
        UUID.fromString(created.get("workspace_uuid").asString()),
        created.get("admin_key").asString());
  }

  /** A new member with these roles, by name; the id. */
  UUID createUser(Tenant tenant, String email, String... roles) {
    String names = roles.length == 0 ? "null" : "[\"" + String.join("\",\"", roles) + "\"]";
    Answer answer =
        post(
            tenant.key(),
            "/v1/admin/users",
            """
            [{"email": "%s", "first_name": "A", "last_name": "B", "role_names": %s}]
            """
                .formatted(email, names));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return UUID.fromString(answer.json().get("email_to_user_id").get(email).asString());
  }

  /** An admin key that acts as the member. */
  String adminKey(Tenant tenant, UUID member) {
    Answer answer =
        post(
            tenant.key(),
            "/v1/admin/admin-keys",
            "{\"user_id\": \"%s\", \"name\": \"test\"}".formatted(member));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("key").asString();
  }

  Answer get(@Nullable String key, String path) {
    return send(key, "GET", path, null);
  }

  Answer post(@Nullable String key, String path, @Nullable String body) {
    return send(key, "POST", path, body);
  }

  Answer patch(@Nullable String key, String path, String body) {
    return send(key, "PATCH", path, body);
  }

  Answer delete(@Nullable String key, String path) {
    return send(key, "DELETE", path, null);
  }

  Answer send(
      @Nullable String key, String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (key != null) {
      request.header(
          path.startsWith("/v1/admin") ? "x-api-key" : "Authorization", bearer(path, key));
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String bearer(String path, String key) {
    return path.startsWith("/v1/admin") ? key : "Bearer " + key;
  }
}
