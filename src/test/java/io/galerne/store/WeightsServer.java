package io.galerne.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A real HTTP server with one file, and every bad habit that a test asks for. */
public final class WeightsServer implements AutoCloseable {
  private static final int CHUNK = 4096;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** Bytes of the last body; an earlier one may still be on its way. */
  public volatile AtomicLong sent = new AtomicLong();

  public final AtomicInteger requests = new AtomicInteger();

  // The habits; a test sets them between its requests.
  public volatile byte[] content;
  public volatile @Nullable String etag = "\"one\"";
  public volatile boolean ranges = true;
  public volatile boolean honoursIfRange = true;
  public volatile long cutAfter = Long.MAX_VALUE;
  public volatile Runnable beforeCut = () -> {};
  public volatile long stallAfter = Long.MAX_VALUE;
  public volatile long claimedMore;
  public volatile boolean chunked;
  public volatile boolean silent;
  public volatile int status = 200;
  public volatile @Nullable String encoding;
  public volatile @Nullable String redirect;
  public volatile @Nullable String contentRange;

  public WeightsServer(byte[] content) {
    this.content = content;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public URI address(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  /** Back to what a good server does. */
  public void behave() {
    cutAfter = Long.MAX_VALUE;
    beforeCut = () -> {};
    stallAfter = Long.MAX_VALUE;
    claimedMore = 0;
    chunked = false;
    silent = false;
    status = 200;
    encoding = null;
    redirect = null;
    contentRange = null;
    ranges = true;
    honoursIfRange = true;
    sent = new AtomicLong();
    requests.set(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      if (silent) {
        waitForTheEnd();
      } else if (redirect != null && !exchange.getRequestURI().getPath().equals("/moved")) {
        exchange.getResponseHeaders().set("Location", redirect);
        exchange.sendResponseHeaders(302, -1);
      } else if (status != 200) {
        exchange.sendResponseHeaders(status, -1);
      } else {
        sendFile(exchange);
      }
    }
  }

  private void sendFile(HttpExchange exchange) throws IOException {
    byte[] bytes = content;
    var headers = exchange.getResponseHeaders();
    if (etag != null) {
      headers.set("ETag", etag);
    }
    if (encoding != null) {
      headers.set("Content-Encoding", encoding);
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    boolean partial =
        ranges && range != null && (!honoursIfRange || condition == null || condition.equals(etag));
    int from = partial ? Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1")) : 0;
    if (partial && from >= bytes.length) {
      headers.set("Content-Range", "bytes */" + bytes.length);
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (partial) {
      String honest = "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length);
      headers.set("Content-Range", contentRange != null ? contentRange : honest);
    }
    long length = chunked ? 0 : bytes.length - from + claimedMore;
    exchange.sendResponseHeaders(partial ? 206 : 200, length);
    send(exchange.getResponseBody(), bytes, from);
  }

  private void send(OutputStream out, byte[] bytes, int from) throws IOException {
    AtomicLong counter = new AtomicLong();
    sent = counter;
    long body = 0;
    for (int at = from; at < bytes.length; at += CHUNK) {
      if (body >= cutAfter) {
        out.flush();
        beforeCut.run();
        return; // closing the exchange with bytes missing cuts the connection
      }
      if (body >= stallAfter) {
        out.flush();
        waitForTheEnd();
        return;
      }
      int length = Math.min(CHUNK, bytes.length - at);
      out.write(bytes, at, length);
      out.flush();
      body += length;
      counter.addAndGet(length);
    }
    if (claimedMore == 0) {
      out.close();
    }
  }

  private void waitForTheEnd() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
