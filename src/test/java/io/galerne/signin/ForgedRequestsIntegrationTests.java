package io.galerne.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import io.galerne.browser.BrowserTest;
import io.galerne.demo.DemoTenant;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What another site, or a session that was left behind, can do to somebody who is signed in. */
class ForgedRequestsIntegrationTests extends BrowserTest {
  private static final List<String> ELSEWHERE =
      List.of(
          "https://elsewhere.example",
          "//elsewhere.example",
          "/\\elsewhere.example",
          "/%5Celsewhere.example",
          "/chat//elsewhere.example",
          "/chat@elsewhere.example",
          "\\\\elsewhere.example",
          "javascript:alert(1)",
          "/\t/elsewhere.example",
          "https:elsewhere.example",
          "/chat/..//elsewhere.example");

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping mappings;

  @Autowired private JdbcClient jdbc;

  /** Each change that a page offers, with any id in its path. */
  private Set<String> changes() {
    Set<String> changes = new TreeSet<>();
    mappings
        .getHandlerMethods()
        .forEach(
            (mapping, _) -> {
              for (String pattern : mapping.getPatternValues()) {
                for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                  if (Set.of("POST", "PUT", "PATCH", "DELETE").contains(method.name())
                      && !pattern.startsWith("/v1")) {
                    String path =
                        pattern
                            .replaceAll("\\{[^}:]*:([^|}]*)[^}]*}", "$1")
                            .replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
                    changes.add(method + " " + path);
                  }
                }
              }
            });
    return changes;
  }

  private APIResponse send(String change, Map<String, String> headers) {
    int space = change.indexOf(' ');
    RequestOptions options =
        RequestOptions.create().setMethod(change.substring(0, space)).setMaxRedirects(0);
    headers.forEach(options::setHeader);
    return page.request().fetch(address(change.substring(space + 1)), options);
  }

  @Test
  void noChangeIsMadeWithoutTheToken() {
    signIn();
    Set<String> changes = changes();
    assertThat(changes)
        .hasSizeGreaterThan(30)
        .contains("POST /sign-out", "POST /console/keys", "POST /language", "POST /sign-in");
    for (String change : changes) {
      assertThat(send(change, Map.of()).status()).as(change).isEqualTo(403);
      assertThat(send(change, Map.of("X-CSRF-TOKEN", UUID.randomUUID().toString())).status())
          .as(change)
          .isEqualTo(403);
    }
    go("/account"); // the control: they are all still signed in, and with the token it is done
    String token = page.locator("meta[name=csrf-token]").getAttribute("content");
    assertThat(send("POST /language", Map.of("X-CSRF-TOKEN", token)).status()).isEqualTo(302);
    assertThat(send("POST /sign-out", Map.of("X-CSRF-TOKEN", token)).status()).isEqualTo(302);
    go("/account");
    assertThat(page.url()).contains("/sign-in");
  }

  @Test
  void theApiKnowsNoSessions() {
    signIn();
    assertThat(send("POST /v1/chat/completions", Map.of()).status()).isEqualTo(401);
    assertThat(send("GET /v1/admin/deployments", Map.of()).status()).isEqualTo(401);
  }

  @Test
  void nothingLeadsElsewhere() {
    for (String place : ELSEWHERE) {
      String encoded = URLEncoder.encode(place, StandardCharsets.UTF_8);
      go("/sign-in?next=" + encoded);
      assertThat(page.locator("input[name=next]").inputValue()).as(place).isEqualTo("/");
    }
    signIn();
    go("/account");
    String token = page.locator("meta[name=csrf-token]").getAttribute("content");
    for (String place : ELSEWHERE) {
      String encoded = URLEncoder.encode(place, StandardCharsets.UTF_8);
      assertThat(location("GET /sign-in?next=" + encoded, token)).as(place).isEqualTo("/");
      assertThat(location("POST /language?back=" + encoded, token)).as(place).isEqualTo("/");
    }
    // the control: a page of ours is gone on to
    assertThat(location("GET /sign-in?next=%2Faccount", token)).isEqualTo("/account");
  }

  private String location(String request, String token) {
    String location = send(request, Map.of("X-CSRF-TOKEN", token)).headers().get("location");
    assertThat(location).as(request).isNotNull();
    return String.valueOf(location).replace(address(""), "");
  }

  @Test
  void aSessionGetsAnotherIdWhenSomebodySignsIn() {
    context.addCookies(
        List.of(
            new Cookie("galerne-session", "Y2hvc2VuLWJ5LXNvbWVib2R5LWVsc2U").setUrl(address("/"))));
    signIn();
    String first = session();
    assertThat(first).isNotEqualTo("Y2hvc2VuLWJ5LXNvbWVib2R5LWVsc2U");
    // signing in again, in the same session, by the form's own request
    go("/account");
    String token = page.locator("meta[name=csrf-token]").getAttribute("content");
    page.request()
        .post(
            address("/sign-in"),
            RequestOptions.create()
                .setMaxRedirects(0)
                .setHeader("X-CSRF-TOKEN", token)
                .setForm(
                    FormData.create()
                        .set("email", DemoTenant.OWNER)
                        .set("password", data.readSecret(DemoTenant.PASSWORD_FILE).orElseThrow())));
    assertThat(session()).isNotEqualTo(first);
    go("/account");
    assertThat(page.url()).endsWith("/account");
    context.addCookies(List.of(new Cookie("galerne-session", first).setUrl(address("/"))));
    go("/account");
    assertThat(page.url()).contains("/sign-in");
  }

  @Test
  void aSessionThatWasLeftBehindIsOver() {
    for (String attribute : List.of("galerne.active", "galerne.signed-in")) {
      signIn();
      go("/account");
      assertThat(page.url()).as("the control").endsWith("/account");
      age(attribute, attribute.endsWith("active") ? Duration.ofHours(2) : Duration.ofHours(12));
      go("/account");
      assertThat(page.url()).as(attribute).contains("/sign-in");
      context.clearCookies();
    }
  }

  /** Has it been so long, as far as the session's rows know. */
  private void age(String attribute, Duration time) {
    String seconds = Long.toString(Instant.now().minus(time).getEpochSecond());
    int changed =
        jdbc.sql(
                """
                update spring_session_attributes set attribute_bytes = convert_to(
                    regexp_replace(convert_from(attribute_bytes, 'UTF8'), '\\d+$', :seconds), 'UTF8')
                where attribute_name = :name and session_primary_id =
                  (select primary_id from spring_session order by last_access_time desc limit 1)
                """)
            .param("seconds", seconds)
            .param("name", attribute)
            .update();
    assertThat(changed).as(attribute + " " + Timestamp.from(Instant.now())).isEqualTo(1);
  }

  private String session() {
    return context.cookies().stream()
        .filter(cookie -> cookie.name.equals("galerne-session"))
        .map(cookie -> cookie.value)
        .findFirst()
        .orElseThrow();
  }
}
