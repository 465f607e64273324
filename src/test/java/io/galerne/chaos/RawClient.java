package io.galerne.chaos;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * HTTP over a socket, so that every byte that arrived before a server died is seen: a client of the
 * library drops what it has when the connection breaks.
 */
final class RawClient {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 120_000;

  private RawClient() {}

  /**
   * What came back.
   *
   * @param body as far as it arrived
   * @param whole whether it arrived in full
   */
  record Response(int status, String head, String body, boolean whole) {}

  static Response get(int port, String path, String headers) throws IOException {
    return send(port, "GET", path, headers, "", _ -> {});
  }

  /**
   * @param headers each with a line's end behind it
   * @param received told of the bytes of the answer as they come
   */
  static Response send(
      int port, String method, String path, String headers, String body, IntConsumer received)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String request =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(method, path, headers, bytes.length);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      socket.setSoTimeout(SILENCE_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(bytes);
      return read(new BufferedInputStream(socket.getInputStream()), received);
    }
  }

  private static Response read(InputStream in, IntConsumer received) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      head.append(line).append('\n');
    }
    String fields = head.toString();
    int status = Integer.parseInt(fields.substring(9, 12));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean whole;
    try {
      whole =
          fields.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")
              ? chunks(in, body, received)
              : rest(in, body);
    } catch (IOException e) {
      whole = false; // the server is gone, what came is kept
    }
    return new Response(status, fields, body.toString(StandardCharsets.UTF_8), whole);
  }

  private static boolean rest(InputStream in, ByteArrayOutputStream body) throws IOException {
    in.transferTo(body);
    return true;
  }

  static boolean chunks(InputStream in, ByteArrayOutputStream body, IntConsumer received)
      throws IOException {
    while (true) {
      int left = Integer.parseInt(line(in), 16);
      if (left == 0) {
        return true;
      }
      received.accept(left);
      for (; left > 0; left--) {
        int next = in.read();
        if (next < 0) {
          return false;
        }
        body.write(next);
      }
      line(in);
    }
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
