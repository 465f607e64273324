package io.galerne.chaos;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person's browser, as far as it takes to chat. */
final class WebSession {
  private static final Pattern TOKEN =
      Pattern.compile("name=\"(?:_csrf\" value|csrf-token\" content)=\"([^\"]+)\"");
  private static final Pattern FIELD =
      Pattern.compile(
          "name=\"_csrf\"[^>]*value=\"([^\"]+)\"|value=\"([^\"]+)\"[^>]*name=\"_csrf\"");

  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private String base;

  WebSession(int port) {
    base = "http://localhost:" + port;
  }

  /** Goes on with another replica; cookies know no ports. */
  void moveTo(int port) {
    base = "http://localhost:" + port;
  }

  /** Uses a link that signs in once. */
  void signIn(String path) throws IOException, InterruptedException {
    String page = get(path);
    String token = path.substring(path.indexOf('=') + 1);
    form("/sign-in/link", page, Map.of("token", token));
  }

  String get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(base + path)).GET());
  }

  /** Sends a form; {@code page} is the one that had it. */
  void form(String path, String page, Map<String, String> fields)
      throws IOException, InterruptedException {
    Map<String, String> all = new TreeMap<>(fields);
    all.put("_csrf", token(page));
    String body =
        all.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    String _ =
        send(
            HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  String json(String path, String page, String body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", token(page))
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String token(String page) throws IOException {
    Matcher meta = TOKEN.matcher(page);
    if (meta.find()) {
      return meta.group(1);
    }
    Matcher field = FIELD.matcher(page);
    if (field.find()) {
      return field.group(1) == null ? field.group(2) : field.group(1);
    }
    throw new IOException("the page has no token: " + page);
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 400) {
      throw new IOException(response.uri() + ": " + response.statusCode() + response.body());
    }
    return response.body();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
