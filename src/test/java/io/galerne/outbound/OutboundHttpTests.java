package io.galerne.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboundHttpTests {
  private static final OutboundHttp.Timeouts TIMEOUTS =
      new OutboundHttp.Timeouts(Duration.ofSeconds(2), Duration.ofMillis(400));

  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server = noServer();

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          byte[] body = "here".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/elsewhere",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    server.start();
  }

  private static HttpServer noServer() {
    try {
      return HttpServer.create();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI url(String host, String path) {
    return URI.create("http://%s:%d%s".formatted(host, server.getAddress().getPort(), path));
  }

  private static OutboundHttp http(List<String> allowed) {
    return new OutboundHttp(new AddressRules(allowed), TIMEOUTS, 2);
  }

  @Test
  void callsWhatIsAllowed() throws IOException {
    try (OutboundHttp http = http(List.of("127.0.0.1"));
        OutboundResponse response = http.get(url("localhost", "/"), Map.of())) {
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).hasContent("here");
    }
  }

  @Test
  void callsNothingElse() {
    try (OutboundHttp http = http(List.of())) {
      for (String host : List.of("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]")) {
        assertThatExceptionOfType(ForbiddenAddressException.class)
            .as(host)
            .isThrownBy(() -> http.get(url(host, "/"), Map.of()));
      }
    }
    assertThat(requests).hasValue(0);
  }

  @Test
  void oneForbiddenAddressOfANameIsEnough() {
    assertForbidden(InetAddress.ofLiteral("1.1.1.1"), InetAddress.ofLiteral("127.0.0.1"));
  }

  /** Negative control: without the rules the same name leads to the server. */
  @Test
  void theRulesAreWhatRefuses() throws IOException {
    Names names = new Names(List.<InetAddress[]>of(array("127.0.0.1")));
    try (OutboundHttp http =
            new OutboundHttp(
                new AddressRules(List.of("0.0.0.0/0")), TIMEOUTS, 2, names, CallTrace.NONE);
        OutboundResponse response = http.get(url("rebinding.example", "/"), Map.of())) {
      assertThat(response.status()).isEqualTo(200);
    }
  }

  /** A name server that answers well first and badly then is asked once for each connection. */
  @Test
  void theAddressThatWasCheckedIsTheOneThatIsCalled() throws IOException {
    Names names = new Names(List.<InetAddress[]>of(array("127.0.0.1"), array("169.254.169.254")));
    try (OutboundHttp http =
        new OutboundHttp(
            new AddressRules(List.of("127.0.0.1")), TIMEOUTS, 2, names, CallTrace.NONE)) {
      try (OutboundResponse response = http.get(url("rebinding.example", "/"), Map.of())) {
        assertThat(response.status()).isEqualTo(200);
      }
      assertThatExceptionOfType(ForbiddenAddressException.class)
          .isThrownBy(() -> http.get(url("rebinding.example", "/"), Map.of()));
    }
  }

  @Test
  void followsNoRedirect() throws IOException {
    try (OutboundHttp http = http(List.of("127.0.0.1"));
        OutboundResponse response = http.get(url("127.0.0.1", "/elsewhere"), Map.of())) {
      assertThat(response.status()).isEqualTo(307);
    }
    assertThat(requests).hasValue(0);
  }

  private void assertForbidden(InetAddress... addresses) {
    Names names = new Names(List.<InetAddress[]>of(addresses));
    try (OutboundHttp http =
        new OutboundHttp(new AddressRules(List.of()), TIMEOUTS, 2, names, CallTrace.NONE)) {
      assertThatExceptionOfType(ForbiddenAddressException.class)
          .isThrownBy(() -> http.get(url("mixed.example", "/"), Map.of()));
    }
    assertThat(requests).hasValue(0);
  }

  private static InetAddress[] array(String literal) {
    return new InetAddress[] {InetAddress.ofLiteral(literal)};
  }

  /** Answers what it was told to, in turn. */
  private static final class Names implements DnsResolver {
    private final Deque<InetAddress[]> answers;

    Names(List<InetAddress[]> answers) {
      this.answers = new ArrayDeque<>(answers);
    }

    @Override
    public InetAddress[] resolve(String host) {
      return answers.removeFirst();
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
