package io.galerne.store;

import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Sends a request and follows a few redirects by hand: only over http and https, and never from
 * https back to http, which the HTTP client's own policies do not bound in number.
 */
final class Redirects implements AutoCloseable {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final TransferLimits limits;
  private final HttpClient client;

  Redirects(TransferLimits limits) {
    this.limits = limits;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(limits.answerTime())
            .build();
  }

  /** The first answer that is no redirect. Its body must be closed. */
  HttpResponse<InputStream> send(URI address, UnaryOperator<HttpRequest.Builder> headers) {
    URI current = checked(address, Problem.BAD_ADDRESS);
    for (int hop = 0; hop <= limits.redirectsMax(); hop++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(current)
              .timeout(limits.answerTime())
              .header("Accept-Encoding", "identity")
              .header("User-Agent", "galerne");
      HttpResponse<InputStream> response = send(headers.apply(request).build());
      if (!REDIRECTS.contains(response.statusCode())) {
        return response;
      }
      close(response);
      current = target(current, response.headers().firstValue("Location").orElse(""));
    }
    throw new StoreException(
        Problem.BAD_REDIRECT,
        shown(address) + " redirects more than " + limits.redirectsMax() + " times");
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException e) {
      throw new StoreException(
          Problem.UNREACHABLE,
          shown(request.uri()) + " did not answer within " + limits.answerTime().toSeconds() + " s",
          e);
    } catch (IOException e) {
      throw new StoreException(
          Problem.UNREACHABLE, shown(request.uri()) + " cannot be reached: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Problem.INTERRUPTED, "interrupted", e);
    }
  }

  static URI target(URI from, String location) {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          Problem.BAD_REDIRECT, shown(from) + " redirects to what is no address", e);
    }
    if (location.isEmpty()) {
      throw new StoreException(Problem.BAD_REDIRECT, shown(from) + " redirects to nowhere");
    }
    checked(to, Problem.BAD_REDIRECT);
    if (isHttps(from) && !isHttps(to)) {
      throw new StoreException(
          Problem.BAD_REDIRECT,
          shown(from) + " redirects to " + shown(to) + ", which is not encrypted");
    }
    return to;
  }

  private static URI checked(URI address, Problem problem) {
    String scheme = address.getScheme();
    boolean web =
        scheme != null && Set.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT));
    if (!web || address.getHost() == null) {
      throw new StoreException(problem, shown(address) + " is not an http or https address");
    }
    if (address.getUserInfo() != null) {
      throw new StoreException(problem, shown(address) + ": a password in the address is not used");
    }
    return address;
  }

  private static boolean isHttps(URI address) {
    return "https".equalsIgnoreCase(address.getScheme());
  }

  /** An address without what could be a secret in it: user, password and query. */
  static String shown(URI address) {
    if (address.getHost() == null) {
      return address.getScheme() + ":" + (address.getPath() == null ? "" : address.getPath());
    }
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    return address.getScheme() + "://" + address.getHost() + port + path;
  }

  static void close(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      // Nothing of it was wanted.
      System.getLogger(Redirects.class.getName())
          .log(System.Logger.Level.DEBUG, "closing an answer", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
