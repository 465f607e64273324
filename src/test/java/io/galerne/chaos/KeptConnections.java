package io.galerne.chaos;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/**
 * Connections that are kept open between requests, as HTTP libraries do: one that its server closed
 * or said it would close, or that nobody used for a while, is not used again, and nothing is sent
 * twice.
 */
final class KeptConnections implements AutoCloseable {
  private static final int SILENCE_MILLIS = 60_000;

  /** Of undici; httpx takes a second more. */
  private static final long IDLE_NANOS_MAX = 4_000_000_000L;

  private final IntSupplier ports;
  private final IntPredicate usable;
  private final String path;
  private final ConcurrentLinkedDeque<Kept> idle = new ConcurrentLinkedDeque<>();

  /**
   * @param ports where the next new connection goes
   * @param usable whether connections to a port are used again
   */
  KeptConnections(IntSupplier ports, IntPredicate usable, String path) {
    this.ports = ports;
    this.usable = usable;
    this.path = path;
  }

  private record Kept(Socket socket, PushbackInputStream in, long usedNanos) {
    boolean isOpen() throws IOException {
      if (System.nanoTime() - usedNanos > IDLE_NANOS_MAX) {
        return false;
      }
      socket.setSoTimeout(1);
      try {
        int next = in.read();
        if (next < 0) {
          return false;
        }
        in.unread(next);
        return true;
      } catch (SocketTimeoutException e) {
        return true;
      } finally {
        socket.setSoTimeout(SILENCE_MILLIS);
      }
    }
  }

  RawClient.Response post(String headers, String body) throws IOException {
    Kept kept = take();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(path, headers, bytes.length);
    boolean reusable = false;
    try {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.write(head.getBytes(StandardCharsets.ISO_8859_1));
      request.write(bytes);
      kept.socket().getOutputStream().write(request.toByteArray());
      RawClient.Response response = read(kept);
      reusable =
          response.whole()
              && !response.head().toLowerCase(Locale.ROOT).contains("connection: close");
      return response;
    } finally {
      if (reusable) {
        idle.push(new Kept(kept.socket(), kept.in(), System.nanoTime()));
      } else {
        kept.socket().close();
      }
    }
  }

  private Kept take() throws IOException {
    for (Kept kept = idle.poll(); kept != null; kept = idle.poll()) {
      if (usable.test(kept.socket().getPort()) && kept.isOpen()) {
        return kept;
      }
      kept.socket().close();
    }
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.getAsInt()), SILENCE_MILLIS);
    socket.setSoTimeout(SILENCE_MILLIS);
    return new Kept(socket, new PushbackInputStream(socket.getInputStream(), 1), System.nanoTime());
  }

  private static RawClient.Response read(Kept kept) throws IOException {
    StringBuilder head = new StringBuilder();
    int length = -1;
    for (String line = RawClient.line(kept.in());
        !line.isEmpty();
        line = RawClient.line(kept.in())) {
      head.append(line).append('\n');
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    String fields = head.toString();
    int status = Integer.parseInt(fields.substring(9, 12));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean whole;
    if (length >= 0) {
      body.write(kept.in().readNBytes(length));
      whole = body.size() == length;
    } else {
      try {
        whole = RawClient.chunks(kept.in(), body, _ -> {});
        RawClient.line(kept.in());
      } catch (IOException e) {
        whole = false;
      }
    }
    return new RawClient.Response(status, fields, body.toString(StandardCharsets.UTF_8), whole);
  }

  @Override
  public void close() throws IOException {
    for (Kept kept : idle) {
      kept.socket().close();
    }
  }
}
