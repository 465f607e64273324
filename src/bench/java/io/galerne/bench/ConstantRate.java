package io.galerne.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends one request over and over at a constant rate. A latency counts from the time at which its
 * request was due, not from when a connection was free, so that a slow answer delays none of the
 * figures of those behind it (no coordinated omission).
 */
final class ConstantRate {
  private static final int CONNECTIONS = 32;
  private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int port;
  private final byte[] request;

  ConstantRate(int port, String request) {
    this.port = port;
    this.request = request.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @return latencies in nanoseconds
   */
  Histogram run(int perSecond, int seconds) throws InterruptedException {
    Histogram latencies = new ConcurrentHistogram(3);
    AtomicLong next = new AtomicLong();
    long last = (long) perSecond * seconds;
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                      socket.setTcpNoDelay(true);
                      for (long n = next.getAndIncrement(); n < last; n = next.getAndIncrement()) {
                        long due = start + n * 1_000_000_000L / perSecond;
                        awaitTime(due);
                        exchange(socket);
                        latencies.recordValue(System.nanoTime() - due);
                      }
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (latencies.getTotalCount() != last) {
      throw new IllegalStateException(latencies.getTotalCount() + " of " + last + " answered");
    }
    return latencies;
  }

  private static void awaitTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void exchange(Socket socket) throws IOException {
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    int filled = 0;
    while (!isWhole(buffer, filled)) {
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read <= 0) {
        throw new IOException("cut short: " + text(buffer, filled));
      }
      filled += read;
    }
    if (!text(buffer, filled).startsWith("HTTP/1.1 200")) {
      throw new IOException(text(buffer, filled));
    }
  }

  private static boolean isWhole(byte[] buffer, int filled) {
    String text = text(buffer, filled);
    int body = text.indexOf("\r\n\r\n") + 4;
    if (body < 4) {
      return false;
    }
    int length = text.indexOf("Content-Length: ");
    if (length >= 0 && length < body) {
      int end = text.indexOf("\r\n", length);
      return filled >= body + Integer.parseInt(text.substring(length + 16, end));
    }
    return text.endsWith(new String(LAST_CHUNK, StandardCharsets.US_ASCII));
  }

  private static String text(byte[] buffer, int filled) {
    return new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
  }
}
