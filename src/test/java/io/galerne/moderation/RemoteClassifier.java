package io.galerne.moderation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that speaks the moderations contract, and can be slow, broken or gone. */
final class RemoteClassifier implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Mood mood = Mood.WELL;

  /** How it answers. */
  enum Mood {
    /** Texts with the word are violent. */
    WELL,
    SLOW,
    BROKEN,
    NONSENSE,
    ELSEWHERE
  }

  RemoteClassifier() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/moderations", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/moderations";
  }

  void is(Mood next) {
    mood = next;
  }

  int asked() {
    return asked.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int status =
        switch (mood) {
          case WELL, NONSENSE -> 200;
          case SLOW -> waitUntilClosed();
          case BROKEN -> 500;
          case ELSEWHERE -> 302;
        };
    if (mood == Mood.ELSEWHERE) {
      exchange.getResponseHeaders().set("Location", url());
    }
    String answer =
        mood == Mood.NONSENSE
            ? "<html>"
            : "{\"results\": [{\"category_scores\": {\"violence\": %s}}]}"
                .formatted(body.contains("brawl") ? "0.93" : "0.01");
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private int waitUntilClosed() {
    try {
      return closed.await(1, TimeUnit.MINUTES) ? 503 : 504;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 503;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
