package io.galerne.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events with chunks of a chat completion, within bounds. */
final class PieceReader {
  private static final int LINE_CHARS_MAX = 1 << 20;
  private static final String DATA = "data:";

  private final JsonMapper mapper = new JsonMapper();
  private final Reader reader;
  private boolean done;

  PieceReader(InputStream body) {
    reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /** Whether the stream ended as it should, with {@code [DONE]}. */
  boolean complete() {
    return done;
  }

  /**
   * The next piece, or null at the end of the stream.
   *
   * @throws IOException if the connection breaks, the backend says that it failed, or what it sends
   *     is none of this
   */
  @Nullable Piece next() throws IOException {
    while (!done) {
      String line = line();
      if (line == null) {
        return null;
      }
      if (!line.startsWith(DATA)) {
        continue; // comments keep the connection alive
      }
      String data = line.substring(DATA.length()).strip();
      if (data.equals("[DONE]")) {
        done = true;
      } else {
        return piece(data);
      }
    }
    return null;
  }

  private @Nullable String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c != '\n'; c = reader.read()) {
      if (c < 0) {
        return line.isEmpty() ? null : line.toString();
      }
      if (line.length() == LINE_CHARS_MAX) {
        throw new IOException("the backend sent a line without end");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private Piece piece(String data) throws IOException {
    try {
      JsonNode event = mapper.readTree(data);
      if (event.has("error")) {
        throw new IOException("the backend failed while it answered");
      }
      JsonNode choice = event.path("choices").path(0);
      JsonNode delta = choice.path("delta");
      return new Piece(
          delta.path("content").asString(""),
          calls(delta.path("tool_calls")),
          choice.path("finish_reason").isString() ? choice.path("finish_reason").asString() : null,
          usage(event.path("usage")));
    } catch (JacksonException e) {
      throw new IOException("the backend sent something that is not JSON", e);
    }
  }

  private static List<Piece.CallPart> calls(JsonNode parts) {
    List<Piece.CallPart> calls = new ArrayList<>();
    for (JsonNode part : parts) {
      JsonNode function = part.path("function");
      JsonNode arguments = function.path("arguments");
      calls.add(
          new Piece.CallPart(
              part.path("index").asInt(calls.size()),
              part.path("id").asString(""),
              function.path("name").asString(""),
              arguments.isObject() ? arguments.toString() : arguments.asString("")));
    }
    return calls;
  }

  private static Piece.@Nullable Usage usage(JsonNode usage) {
    if (!usage.isObject()) {
      return null;
    }
    return new Piece.Usage(
        Math.max(0, usage.path("prompt_tokens").asInt(0)),
        Math.max(0, usage.path("prompt_tokens_details").path("cached_tokens").asInt(0)),
        Math.max(0, usage.path("completion_tokens").asInt(0)));
  }
}
