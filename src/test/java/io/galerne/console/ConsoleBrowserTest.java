package io.galerne.console;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.options.RequestOptions;
import io.galerne.browser.BrowserTest;
import io.galerne.demo.DemoTenant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tests of the console's pages share: the demo tenant's APIs beside its browser. */
abstract class ConsoleBrowserTest extends BrowserTest {
  static final JsonMapper JSON = new JsonMapper();

  /** Asks the Admin API as the demo tenant's owner. */
  JsonNode admin(String method, String path, String body) {
    APIResponse answer =
        page.request()
            .fetch(
                address("/v1/admin" + path),
                RequestOptions.create()
                    .setMethod(method)
                    .setHeader(
                        "x-api-key", data.readSecret(DemoTenant.ADMIN_KEY_FILE).orElseThrow())
                    .setHeader("Content-Type", "application/json")
                    .setData(body));
    assertThat(answer.status()).as(path + " " + answer.text()).isBetween(200, 299);
    return JSON.readTree(answer.text());
  }

  void keepContent(boolean keep) {
    admin("PATCH", "/audit/settings", "{\"keep_content\": " + keep + "}");
  }

  /** Publishes a policy of the whole organisation; its id. */
  UUID publish(String policy) {
    UUID id = UUID.fromString(admin("POST", "/policies", policy).get("id").asString());
    admin("POST", "/policies/" + id + "/publish", "");
    return id;
  }

  void withdraw(UUID policy) {
    admin("POST", "/policies/" + policy + "/rollback?version=0", "");
  }

  /** Asks for one answer with a key of the API; the request's id. */
  UUID ask(String key, String question, int tokens) {
    String body =
        JSON.writeValueAsString(
            JSON.createObjectNode()
                .put("model", "mistral-small")
                .put("max_tokens", tokens)
                .put("temperature", 0.7)
                .put("random_seed", 11)
                .set(
                    "messages",
                    JSON.createArrayNode()
                        .add(
                            JSON.createObjectNode().put("role", "user").put("content", question))));
    APIResponse answer =
        page.request()
            .post(
                address("/v1/chat/completions"),
                RequestOptions.create()
                    .setHeader("Authorization", "Bearer " + key)
                    .setHeader("Content-Type", "application/json")
                    .setData(body));
    String id = requireNonNull(answer.headers().get("x-request-id"));
    return UUID.fromString(id.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }

  UUID ask(String question, int tokens) {
    return ask(data.readSecret(DemoTenant.KEY_FILE).orElseThrow(), question, tokens);
  }

  /** Signs in as somebody new with this role, in place of whoever is. */
  void signInAs(String email, String role) {
    admin(
        "POST",
        "/users",
        "[{\"email\": \"%s\", \"first_name\": \"A\", \"last_name\": \"B\", \"role_names\": [\"%s\"]}]"
            .formatted(email, role));
    context.clearCookies();
    String token = links.issue(people.withEmail(email).getFirst());
    go("/sign-in/link?token=" + token);
    page.locator("main button[type=submit]").click();
    page.waitForURL(url -> !url.contains("/sign-in"));
  }

  Locator row(String text) {
    return page.locator("tbody tr", new LocatorOptions().setHasText(text));
  }
}
