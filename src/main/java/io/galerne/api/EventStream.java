package io.galerne.api;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes server-sent events on the request's own thread. Each call returns when the bytes have been
 * handed to the connection, so that a client that is gone or doesn't read shows as an exception.
 */
final class EventStream {
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] END = ascii("\n\n");
  private static final byte[] DONE = ascii("data: [DONE]\n\n");
  private static final byte[] PING = ascii(": ping\n\n");

  private final JsonMapper mapper;
  private final OutputStream out;

  private EventStream(JsonMapper mapper, OutputStream out) {
    this.mapper = mapper;
    this.out = out;
  }

  static EventStream open(HttpServletResponse response, JsonMapper mapper) throws IOException {
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    // asks reverse proxies not to collect events into bursts
    response.setHeader("X-Accel-Buffering", "no");
    return new EventStream(mapper, response.getOutputStream());
  }

  void data(Object event) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    bytes.write(DATA);
    bytes.write(mapper.writeValueAsBytes(event));
    bytes.write(END);
    write(bytes.toByteArray());
  }

  /** A comment, which clients ignore and proxies take for life. */
  void ping() throws IOException {
    write(PING);
  }

  void done() throws IOException {
    write(DONE);
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
