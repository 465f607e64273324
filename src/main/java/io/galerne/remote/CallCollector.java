package io.galerne.remote;

import io.galerne.engine.template.ToolCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Puts calls of tools together that arrive in parts. */
final class CallCollector {
  private static final int CALLS_MAX = 128;
  private static final String ID_LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 9;

  private final JsonMapper mapper = new JsonMapper();
  private final Map<Integer, Parts> calls = new TreeMap<>();

  private static final class Parts {
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();
  }

  void add(Piece.CallPart part) throws IOException {
    if (part.index() < 0 || part.index() >= CALLS_MAX) {
      throw new IOException("the backend numbers a call " + part.index());
    }
    Parts parts = calls.computeIfAbsent(part.index(), _ -> new Parts());
    if (!part.id().isEmpty()) {
      parts.id = part.id();
    }
    if (!part.name().isEmpty()) {
      parts.name = part.name();
    }
    parts.arguments.append(part.arguments());
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /**
   * The calls, in order, with compact JSON for arguments.
   *
   * @param seed makes ids of the form that clients expect where the backend's have another
   * @throws IOException if the arguments of one aren't a JSON object
   */
  List<ToolCall> take(long seed) throws IOException {
    List<ToolCall> whole = new ArrayList<>();
    for (Map.Entry<Integer, Parts> entry : calls.entrySet()) {
      Parts parts = entry.getValue();
      try {
        var arguments = mapper.readTree(parts.arguments.toString());
        if (!arguments.isObject()) {
          throw new IOException("the backend calls a tool without arguments");
        }
        String id = isId(parts.id) ? parts.id : id(seed, entry.getKey());
        whole.add(new ToolCall(id, parts.name, arguments.toString()));
      } catch (JacksonException e) {
        throw new IOException("the backend calls a tool with arguments that aren't JSON", e);
      }
    }
    return whole;
  }

  private static boolean isId(String id) {
    return id.length() == ID_LENGTH && id.chars().allMatch(c -> ID_LETTERS.indexOf(c) >= 0);
  }

  private static String id(long seed, int index) {
    long bits = (seed + index) * 6364136223846793005L + 1442695040888963407L; // Knuth's constants
    long left = (bits ^ (bits >>> 29)) >>> 1;
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ID_LETTERS.charAt((int) (left % ID_LETTERS.length())));
      left /= ID_LETTERS.length();
    }
    return id.toString();
  }
}
