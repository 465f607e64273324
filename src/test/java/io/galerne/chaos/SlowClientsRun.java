package io.galerne.chaos;

import io.galerne.chaos.ChatClient.Seen;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that send a byte a second, of their headers or of their body, and clients that read
 * nothing of a long stream, beside others that behave.
 */
final class SlowClientsRun {
  private static final int TOKENS = 10;
  private static final int STREAM_TOKENS = 3_500;

  /** One of so many reads nothing. */
  private static final int READS_NOTHING = 50;

  private static final int BESIDE = 4;
  private static final int RECEIVE_BYTES = 4_096;
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private final ReplicaProcess replica;
  private final ChatClient client;
  private final String key;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger openReaders = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private volatile long begin = System.nanoTime();
  private final List<Double> lastSeconds = Collections.synchronizedList(new ArrayList<>());

  private SlowClientsRun(ReplicaProcess replica, String key) {
    this.replica = replica;
    this.key = key;
    client = new ChatClient(key);
  }

  /**
   * What came of it.
   *
   * @param slow connections of slow clients
   * @param openAfter of those, connections that the server had not closed in two minutes
   * @param openReaders those of them that read nothing
   * @param closedSeconds when it closed the last
   * @param aloneMillisP99 of the others, before
   * @param besideMillisP99 of the others, while the slow ones were there
   * @param failed of the others
   * @param residentMost memory of the replica, MiB
   */
  record Outcome(
      int slow,
      int openAfter,
      int openReaders,
      double closedSeconds,
      int requests,
      double aloneMillisP99,
      double besideMillisP99,
      int failed,
      long residentBefore,
      long residentMost) {
    boolean good() {
      return openAfter == 0
          && failed == 0
          && besideMillisP99 <= 2 * aloneMillisP99 + 200
          && residentMost - residentBefore <= 400;
    }
  }

  static Outcome run(Cluster cluster, int slow) throws IOException {
    Cluster.Tenant tenant = cluster.newTenant("slow" + slow);
    String key = cluster.newKey(tenant).secret();
    return new SlowClientsRun(cluster.replicas.getFirst(), key).run(slow);
  }

  private Outcome run(int slow) throws IOException {
    others(Duration.ofSeconds(5));
    double[] alone = sorted(others(Duration.ofSeconds(10)));
    long residentBefore = replica.residentMebibytes();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      begin = System.nanoTime();
      for (int i = 0; i < slow; i++) {
        int number = i;
        opened.incrementAndGet();
        open.incrementAndGet();
        threads.execute(() -> slow(number));
      }
      long residentMost = residentBefore;
      List<Double> beside = new ArrayList<>();
      int failed = 0;
      long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
      do {
        for (double millis : others(Duration.ofSeconds(2))) {
          beside.add(millis);
          failed += Double.isNaN(millis) ? 1 : 0;
        }
        residentMost = Math.max(residentMost, replica.residentMebibytes());
      } while (open.get() > 0 && System.nanoTime() < deadline);
      int openAfter = open.get();
      threads.shutdownNow();
      return new Outcome(
          opened.get(),
          openAfter,
          openReaders.get(),
          List.copyOf(lastSeconds).stream().mapToDouble(Double::doubleValue).max().orElse(0),
          beside.size(),
          OverloadRun.percentile(alone, 0.99),
          OverloadRun.percentile(sorted(beside), 0.99),
          failed,
          residentBefore,
          residentMost);
    }
  }

  /** How long answers take to clients that behave, in ms; not a number where one failed. */
  private List<Double> others(Duration time) {
    List<Double> millis = Collections.synchronizedList(new ArrayList<>());
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < BESIDE; i++) {
        threads.execute(
            () -> {
              while (System.nanoTime() < end) {
                long start = System.nanoTime();
                Seen seen = client.ask(replica.port(), TOKENS, false);
                boolean good = seen.status() == 200 && seen.tokens() == TOKENS;
                millis.add(good ? (System.nanoTime() - start) / 1e6 : Double.NaN);
                LockSupport.parkNanos(20_000_000);
              }
            });
      }
    }
    return millis;
  }

  private static double[] sorted(List<Double> values) {
    return values.stream()
        .mapToDouble(Double::doubleValue)
        .filter(value -> !Double.isNaN(value))
        .sorted()
        .toArray();
  }

  private void slow(int number) {
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(RECEIVE_BYTES);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), replica.port()), 60_000);
      if (number % READS_NOTHING == 0) {
        openReaders.incrementAndGet();
        try {
          dontRead(socket);
        } finally {
          openReaders.decrementAndGet();
        }
      } else if (number % 2 == 0) {
        drip(socket, "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n", "X");
      } else {
        drip(socket, head(100_000), " ");
      }
      lastSeconds.add((System.nanoTime() - begin) / 1e9);
      open.decrementAndGet();
    } catch (IOException e) {
      lastSeconds.add((System.nanoTime() - begin) / 1e9);
      open.decrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String head(int length) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
            .formatted(ChatClient.PATH, key)
        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(length);
  }

  /** Returns when the server has closed the connection. */
  private static void drip(Socket socket, String begin, String drop)
      throws IOException, InterruptedException {
    OutputStream out = socket.getOutputStream();
    out.write(begin.getBytes(StandardCharsets.ISO_8859_1));
    socket.setSoTimeout(1_000);
    while (true) {
      out.write(drop.getBytes(StandardCharsets.ISO_8859_1));
      try {
        if (socket.getInputStream().read(new byte[1024]) < 0) {
          return;
        }
      } catch (SocketTimeoutException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
  }

  /** Asks for a long stream and finds out, by bytes that it sends, when nobody takes them. */
  private void dontRead(Socket socket) throws IOException, InterruptedException {
    String body =
        """
        {"model": "mistral-small", "max_tokens": %d, "stream": true,
         "messages": [{"role": "user", "content": "Count."}]}
        """
            .formatted(STREAM_TOKENS);
    OutputStream out = socket.getOutputStream();
    out.write((head(body.length()) + body).getBytes(StandardCharsets.ISO_8859_1));
    while (true) {
      if (NEVER.await(1, TimeUnit.SECONDS)) {
        return;
      }
      out.write('\r');
    }
  }
}
