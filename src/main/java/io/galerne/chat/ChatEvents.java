package io.galerne.chat;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Writes an answer as server-sent events. When the browser is gone it writes nothing any more. */
final class ChatEvents {
  private static final Logger log = LoggerFactory.getLogger(ChatEvents.class);

  private final HttpServletResponse response;
  private final JsonMapper json;
  private @Nullable OutputStream out;
  private boolean gone;

  ChatEvents(HttpServletResponse response, JsonMapper json) {
    this.response = response;
    this.json = json;
  }

  void event(String name, Object data) {
    write("event: " + name + "\ndata: " + json.writeValueAsString(data) + "\n\n");
  }

  void text(String more) {
    event("text", Map.of("text", more));
  }

  /** A comment, which proxies take for life. */
  void ping() {
    write(": ping\n\n");
  }

  private void write(String event) {
    if (gone) {
      return;
    }
    try {
      OutputStream to = out();
      to.write(event.getBytes(StandardCharsets.UTF_8));
      to.flush();
    } catch (IOException e) {
      gone = true;
      log.debug("a reader left, the answer goes on: {}", e.toString());
    }
  }

  private OutputStream out() throws IOException {
    OutputStream opened = out;
    if (opened == null) {
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      // asks reverse proxies not to collect events into bursts
      response.setHeader("X-Accel-Buffering", "no");
      opened = response.getOutputStream();
      out = opened;
    }
    return opened;
  }
}
