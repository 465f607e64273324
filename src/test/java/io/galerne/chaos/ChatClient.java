package io.galerne.chaos;

import java.io.IOException;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks for answers and counts what it gets. */
final class ChatClient {
  private static final JsonMapper JSON = new JsonMapper();
  static final String PATH = "/v1/chat/completions";

  private final String key;

  ChatClient(String key) {
    this.key = key;
  }

  /**
   * What a client saw.
   *
   * @param status 0 where no answer began
   * @param requestId null where the client was not told
   * @param text of the answer as far as it came
   * @param usageTokens tokens of the answer as told, -1 where the client was not told
   * @param finishReason null where the answer didn't end
   */
  record Seen(
      int status,
      @Nullable UUID requestId,
      String text,
      int usageTokens,
      @Nullable String finishReason,
      String body) {
    int tokens() {
      return text.length() / PacedEngine.TOKEN_CHARS;
    }

    /** Whether the text is what the engine wrote, to the byte. */
    boolean intact() {
      return PacedEngine.answer(tokens() + 1).startsWith(text);
    }

    boolean ended() {
      return usageTokens >= 0;
    }
  }

  Seen ask(int port, int tokens, boolean stream) {
    return ask(port, tokens, stream, _ -> {});
  }

  /**
   * @param received told of the bytes of the answer as they come
   */
  Seen ask(int port, int tokens, boolean stream, IntConsumer received) {
    return ask(
        (headers, body) -> RawClient.send(port, "POST", PATH, headers, body, received),
        tokens,
        stream);
  }

  /** One way or another to send a POST with headers, each with a line's end, and a body. */
  interface Transport {
    RawClient.Response post(String headers, String body) throws IOException;
  }

  Seen ask(Transport transport, int tokens, boolean stream) {
    String body =
        """
        {"model": "mistral-small", "max_tokens": %d, "stream": %s,
         "messages": [{"role": "user", "content": "Count."}]}
        """
            .formatted(tokens, stream);
    String headers = "Authorization: Bearer " + key + "\r\nContent-Type: application/json\r\n";
    try {
      RawClient.Response response = transport.post(headers, body);
      return stream ? stream(response) : whole(response);
    } catch (IOException e) {
      return new Seen(0, null, "", -1, null, e.toString());
    }
  }

  private static Seen whole(RawClient.Response response) {
    if (response.status() != 200) {
      return new Seen(response.status(), null, "", -1, null, response.body());
    }
    try {
      JsonNode answer = JSON.readTree(response.body());
      return new Seen(
          200,
          id(answer),
          answer.at("/choices/0/message/content").asString(),
          answer.at("/usage/completion_tokens").asInt(),
          answer.at("/choices/0/finish_reason").asString(),
          response.body());
    } catch (JacksonException e) {
      return new Seen(200, null, "", -1, null, response.body());
    }
  }

  private static Seen stream(RawClient.Response response) {
    if (response.status() != 200) {
      return new Seen(response.status(), null, "", -1, null, response.body());
    }
    UUID id = null;
    StringBuilder text = new StringBuilder();
    int usage = -1;
    String finish = null;
    for (String event : response.body().split("\n\n", -1)) {
      if (!event.startsWith("data: {") || !event.endsWith("}")) {
        continue;
      }
      JsonNode chunk = JSON.readTree(event.substring("data: ".length()));
      if (chunk.has("id")) {
        id = id(chunk);
      }
      text.append(chunk.at("/choices/0/delta/content").asString(""));
      JsonNode reason = chunk.at("/choices/0/finish_reason");
      if (reason.isString()) {
        finish = reason.asString();
      }
      if (chunk.has("usage")) {
        usage = chunk.at("/usage/completion_tokens").asInt();
      }
    }
    return new Seen(200, id, text.toString(), usage, finish, response.body());
  }

  /** The id of an answer ends with the request's, in hexadecimal. */
  private static UUID id(JsonNode answer) {
    String id = answer.get("id").asString();
    String hex = id.substring(id.length() - 32);
    return UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }
}
