package io.galerne.api;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An HTTP client that shows the bytes, and whose closing is as rude as a killed process. */
final class RawHttp implements AutoCloseable {
  private static final String POST =
      """
      POST /v1/chat/completions HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      """;

  private final Socket socket;
  private final StringBuilder received = new StringBuilder();

  private RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setSoLinger(true, 0);
  }

  static RawHttp post(int port, String body) throws IOException {
    RawHttp http = new RawHttp(port);
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    http.send(POST + "Content-Length: " + length + "\r\n\r\n" + body);
    return http;
  }

  static RawHttp postChunked(int port, List<String> chunks) throws IOException {
    RawHttp http = openChunked(port);
    for (String chunk : chunks) {
      http.sendChunk(chunk);
    }
    http.send("0\r\n\r\n");
    return http;
  }

  /** The head of a request whose chunks are to follow. */
  static RawHttp openChunked(int port) throws IOException {
    RawHttp http = new RawHttp(port);
    http.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
    return http;
  }

  /** These bytes and no more: whoever waits for another is told that none will come. */
  static RawHttp only(int port, String bytes) throws IOException {
    RawHttp http = partial(port, bytes);
    http.socket.shutdownOutput();
    return http;
  }

  /** These bytes for now. */
  static RawHttp partial(int port, String bytes) throws IOException {
    RawHttp http = new RawHttp(port);
    http.send(bytes);
    return http;
  }

  static RawHttp request(int port, String head) throws IOException {
    RawHttp http = new RawHttp(port);
    http.send(head + "\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    return http;
  }

  void sendChunk(String chunk) throws IOException {
    send(
        Integer.toHexString(chunk.getBytes(StandardCharsets.UTF_8).length)
            + "\r\n"
            + chunk
            + "\r\n");
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Reads until the text has come; all that has come so far. */
  String awaitText(String text) throws IOException {
    byte[] buffer = new byte[4096];
    while (received.indexOf(text) < 0) {
      int read = socket.getInputStream().read(buffer);
      if (read < 0) {
        fail("the connection was closed after: %s", received);
      }
      received.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
    }
    return received.toString();
  }

  /** Reads until the server closes; all that has come. */
  String awaitEnd() throws IOException {
    byte[] buffer = new byte[4096];
    try {
      for (int read = 0; read >= 0; read = socket.getInputStream().read(buffer)) {
        received.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
      }
    } catch (SocketException e) {
      received.append(""); // it was closed with bytes unread: the end all the same
    }
    return received.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
