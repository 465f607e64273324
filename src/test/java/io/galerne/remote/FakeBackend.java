package io.galerne.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A backend that speaks the protocol and does what a test says. */
final class FakeBackend implements AutoCloseable {
  private final HttpServer server;
  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile Script script = answer -> answer.text("Bonjour").end("stop", 5, 2);

  /** What to do with a request. */
  interface Script {
    void run(Answer answer) throws IOException;
  }

  FakeBackend() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::chat);
    server.createContext(
        "/v1/models",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  private void chat(HttpExchange exchange) throws IOException {
    requests.add(new JsonMapper().readTree(exchange.getRequestBody()));
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    try (exchange) {
      script.run(new Answer(exchange));
    }
  }

  void script(Script newScript) {
    script = newScript;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  List<JsonNode> requests() {
    return requests;
  }

  List<String> authorizations() {
    return authorizations;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** Writes server-sent events. */
  static final class Answer {
    private final HttpExchange exchange;
    private boolean begun;

    Answer(HttpExchange exchange) {
      this.exchange = exchange;
    }

    void status(int status) throws IOException {
      exchange.sendResponseHeaders(status, -1);
    }

    Answer event(String data) throws IOException {
      if (!begun) {
        begun = true;
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
      }
      OutputStream out = exchange.getResponseBody();
      out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      return this;
    }

    Answer text(String text) throws IOException {
      return event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}".formatted(text));
    }

    Answer end(String reason, int promptTokens, int completionTokens) throws IOException {
      event(
          "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}".formatted(reason));
      event(
          "{\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}"
              .formatted(promptTokens, completionTokens));
      return event("[DONE]");
    }
  }
}
