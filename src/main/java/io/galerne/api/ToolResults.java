package io.galerne.api;

import io.galerne.engine.template.ToolCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pairs calls of tools with their results. Ids of other platforms, which prompt formats have no
 * room for, become ids of this one: the same for a call and its result, and the same in every
 * request, so that a conversation's prompt keeps its beginning.
 */
final class ToolResults {
  private static final int ID_LENGTH = 9;
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9]{" + ID_LENGTH + "}");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** Calls that wait for their results, by the client's id of each. */
  private final Map<String, ToolCall> open = new LinkedHashMap<>();

  private ToolResults() {}

  /**
   * The same messages with ids that every prompt format takes.
   *
   * @throws ApiException 400 in the words of the original, if a call has no result or a result no
   *     call
   */
  static List<RequestMessage> paired(List<RequestMessage> messages) {
    ToolResults results = new ToolResults();
    List<RequestMessage> paired = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      RequestMessage message = messages.get(i);
      if (message.role() == RequestMessage.Role.TOOL) {
        paired.add(message.answering(results.close(message)));
      } else {
        results.requireNoneOpen();
        paired.add(message.withCalls(results.open(message.toolCalls(), i)));
      }
    }
    results.requireNoneOpen();
    return paired;
  }

  private List<ToolCall> open(List<ToolCall> calls, int place) {
    List<ToolCall> own = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      ToolCall call = calls.get(i);
      requireName(call.name());
      String given = given(call.id());
      String id = given.isEmpty() ? "call " + place + "." + i : given;
      ToolCall renamed = new ToolCall(ownId(id), call.name(), call.arguments());
      if (open.put(id, renamed) != null) {
        throw refuse("Duplicate tool call id " + EchoedInput.text(id) + " in assistant message");
      }
      own.add(renamed);
    }
    return own;
  }

  /** A result without an id answers the first call that has none yet. */
  private ToolCall close(RequestMessage result) {
    String name = result.name();
    if (name != null) {
      requireName(name);
    }
    if (open.isEmpty()) {
      throw unequal();
    }
    String given = given(result.toolCallId());
    String id = given.isEmpty() ? open.keySet().iterator().next() : given;
    ToolCall call = open.remove(id);
    if (call == null) {
      throw refuse("Unexpected tool call id " + EchoedInput.text(id) + " in tool results");
    }
    return call;
  }

  private void requireNoneOpen() {
    if (!open.isEmpty()) {
      throw unequal();
    }
  }

  /** Empty where there is none; some clients spell that as the text {@code null}. */
  private static String given(@Nullable String id) {
    return id == null || id.equals("null") ? "" : id;
  }

  /** An id of this platform stays as it is; of another, its SHA-256 gives the characters. */
  static String ownId(String id) {
    if (ID.matcher(id).matches()) {
      return id;
    }
    byte[] hash = sha256(id);
    StringBuilder own = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      int pair = Byte.toUnsignedInt(hash[2 * i]) << 8 | Byte.toUnsignedInt(hash[2 * i + 1]);
      own.append(ALPHABET.charAt(pair % ALPHABET.length()));
    }
    return own.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw refuse(
          "Function name was %s but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64."
              .formatted(EchoedInput.text(name)));
    }
  }

  private static ApiException unequal() {
    return MessageOrder.refuse("Not the same number of function calls and responses");
  }

  private static ApiException refuse(String message) {
    return ApiException.badRequest(
        new ErrorEnvelope(message, "invalid_function_call", "messages", "3280"));
  }
}
