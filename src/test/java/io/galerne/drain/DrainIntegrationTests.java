package io.galerne.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** A server that ends, as its clients see it. */
class DrainIntegrationTests {
  private static final Duration NOTICE = Duration.ofSeconds(2);

  /** Not found by the application's scan. */
  @Import(DrainConfiguration.class)
  @ImportAutoConfiguration({
    ApplicationAvailabilityAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class
  })
  static class Server {
    @Bean
    ServletRegistrationBean<HttpServlet> greeting() {
      HttpServlet servlet =
          new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
              response.getWriter().print("bonjour");
            }
          };
      return new ServletRegistrationBean<>(servlet, "/");
    }
  }

  /** One connection that is kept open as long as the server wants. */
  private record Client(Socket socket, BufferedReader in) implements AutoCloseable {
    static Client of(int port) throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      return new Client(
          socket,
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)));
    }

    /** The head of the answer. */
    String ask() throws IOException {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder head = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.append(line.toLowerCase(Locale.ROOT)).append('\n');
      }
      assertThat(in.skip("bonjour".length())).isEqualTo(7);
      return head.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static ServletWebServerApplicationContext start() {
    SpringApplication application = new SpringApplication(Server.class);
    application.setRegisterShutdownHook(false);
    return (ServletWebServerApplicationContext)
        application.run(
            "--server.port=0",
            "--spring.config.location=optional:classpath:/none/",
            "--galerne.drain.notice=" + NOTICE.toMillis() + "ms");
  }

  private static int port(ServletWebServerApplicationContext context) {
    return Objects.requireNonNull(context.getWebServer()).getPort();
  }

  @Test
  void whoFollowsReadinessIsGivenNotice() throws Exception {
    ServletWebServerApplicationContext context = start();
    int port = port(context);
    ReadinessFollowers followers = context.getBean(ReadinessFollowers.class);
    var _ = followers.health();
    var _ = followers.health();
    ApplicationAvailability availability = context.getBean(ApplicationAvailability.class);
    try (Client kept = Client.of(port);
        Client idle = Client.of(port)) {
      assertThat(kept.ask()).startsWith("http/1.1 200").doesNotContain("connection: close");
      assertThat(idle.ask()).startsWith("http/1.1 200");
      long begin = System.nanoTime();
      CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
      while (availability.getReadinessState() != ReadinessState.REFUSING_TRAFFIC) {
        Thread.onSpinWait();
      }
      String told = kept.ask();
      while (!told.contains("connection: close")) {
        told = kept.ask(); // the connectors learn of it a moment later
      }
      assertThat(told).startsWith("http/1.1 200");
      assertThat(kept.in().read()).as("closed behind its answer").isEqualTo(-1);
      try (Client late = Client.of(port)) {
        assertThat(late.ask()).as("still served").startsWith("http/1.1 200");
      }
      closing.get(20, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(NOTICE);
      assertThat(idle.in().read()).as("closed, not reset").isEqualTo(-1);
      assertThatThrownBy(() -> Client.of(port)).isInstanceOf(SocketException.class);
    }
  }

  /** The control: nobody follows, so nobody waits. */
  @Test
  void otherwiseItEndsAtOnce() throws Exception {
    ServletWebServerApplicationContext context = start();
    try (Client client = Client.of(port(context))) {
      assertThat(client.ask()).startsWith("http/1.1 200");
      long begin = System.nanoTime();
      context.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(NOTICE);
    }
  }
}
