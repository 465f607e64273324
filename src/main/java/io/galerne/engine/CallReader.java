package io.galerne.engine;

import io.galerne.engine.grammar.CallSyntax;
import io.galerne.engine.template.ToolCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells an answer's text from its calls of tools while its bytes arrive. The bytes are known to be
 * of the grammar of calls, so a call is where its braces are.
 */
final class CallReader {
  private static final String ID_LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final CallSyntax syntax;
  private final List<String> names;
  private final byte[] start;
  private final long seed;
  private final Set<String> ids = new HashSet<>();
  private final Set<ToolCall> made = new HashSet<>();
  private final List<ToolCall> complete = new ArrayList<>();
  private final ByteArrayOutputStream object = new ByteArrayOutputStream();
  private int matched;
  private boolean inCalls;

  /** Whether the answer is a document, so that what stands in it begins no call. */
  private boolean isDocument;

  private boolean onlyAtStart;
  private boolean repeats;
  private int depth;
  private boolean inString;
  private boolean escaped;

  /**
   * @param names of the tools that may be called
   * @param seed makes the ids of calls, where the model writes none
   */
  CallReader(CallSyntax syntax, List<String> names, long seed) {
    this.syntax = syntax;
    this.names = names;
    this.start = syntax.start();
    this.seed = seed;
  }

  /** For an answer that begins with calls or has none. */
  static CallReader atStart(CallSyntax syntax, List<String> names, long seed) {
    CallReader reader = new CallReader(syntax, names, seed);
    reader.onlyAtStart = true;
    return reader;
  }

  /** Takes a token's bytes; returns those bytes, and such held back before, that are text. */
  byte[] read(byte[] bytes) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (byte value : bytes) {
      if (inCalls) {
        readCall(value);
      } else {
        readText(value, text);
      }
    }
    return text.toByteArray();
  }

  /** Whether what comes is of calls, or the last bytes may be what begins them. */
  boolean holdsBack() {
    return inCalls || matched > 0;
  }

  boolean inCalls() {
    return inCalls;
  }

  /** Bytes that turned out to begin no call, since nothing follows them. */
  byte[] rest() {
    return inCalls ? new byte[0] : Arrays.copyOf(start, matched);
  }

  boolean hasCalled() {
    return !ids.isEmpty();
  }

  /**
   * Whether a call came again with the same arguments. Small models do that without end; a client
   * that runs calls side by side has no use for it.
   */
  boolean repeats() {
    return repeats;
  }

  /** The calls that were completed since the last time. */
  List<ToolCall> takeCalls() {
    List<ToolCall> taken = List.copyOf(complete);
    complete.clear();
    return taken;
  }

  private void readText(byte value, ByteArrayOutputStream text) {
    if (onlyAtStart && matched == 0 && value != start[0]) {
      isDocument = true;
    }
    if (isDocument) {
      text.write(value);
      return;
    }
    int before = matched;
    matched = CallSyntax.matched(start, before, value & 0xFF);
    if (matched == start.length) {
      inCalls = true;
      return;
    }
    int let = before + 1 - matched;
    text.write(start, 0, Math.min(let, before));
    if (let > before) {
      text.write(value);
    }
  }

  private void readCall(byte value) {
    if (depth == 0 && value != '{') {
      return;
    }
    object.write(value);
    if (inString) {
      inString = escaped || value != '"';
      escaped = !escaped && value == '\\';
      return;
    }
    switch (value) {
      case '"' -> inString = true;
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      default -> {}
    }
    if (depth == 0) {
      byte[] json = object.toByteArray();
      object.reset();
      ToolCall call = call(json);
      if (made.add(call)) {
        complete.add(new ToolCall(id(json), call.name(), call.arguments()));
      } else {
        repeats = true;
      }
    }
  }

  /** The call without an id. */
  private ToolCall call(byte[] json) {
    for (String name : names) {
      byte[] head = syntax.head(name);
      int length = Math.min(head.length, json.length);
      if (Arrays.equals(head, 0, head.length, json, 0, length)) {
        int end = json.length - syntax.tailLength();
        byte[] arguments = compact(Arrays.copyOfRange(json, head.length, end));
        return new ToolCall("", name, new String(arguments, StandardCharsets.UTF_8));
      }
    }
    throw new IllegalStateException("a call of no tool");
  }

  /** The id that the model wrote, or one made of the seed and the place of the call. */
  private String id(byte[] json) {
    if (syntax.idFromEnd() > 0) {
      int from = json.length - syntax.idFromEnd();
      String written = new String(json, from, syntax.idLength(), StandardCharsets.US_ASCII);
      if (ids.add(written)) {
        return written;
      }
    }
    long bits = seed;
    while (true) {
      // Knuth's multiplier and increment of a 64-bit linear congruence.
      bits = (bits + ids.size()) * 6364136223846793005L + 1442695040888963407L;
      long left = (bits ^ (bits >>> 29)) >>> 1;
      StringBuilder id = new StringBuilder();
      for (int i = 0; i < syntax.idLength(); i++) {
        id.append(ID_LETTERS.charAt((int) (left % ID_LETTERS.length())));
        left /= ID_LETTERS.length();
      }
      if (ids.add(id.toString())) {
        return id.toString();
      }
    }
  }

  /** JSON without the white space between its tokens. */
  private static byte[] compact(byte[] json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length);
    boolean within = false;
    boolean escape = false;
    for (byte value : json) {
      if (within) {
        within = escape || value != '"';
        escape = !escape && value == '\\';
        out.write(value);
      } else if (value != ' ' && value != '\n') {
        within = value == '"';
        out.write(value);
      }
    }
    return out.toByteArray();
  }
}
