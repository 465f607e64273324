package io.galerne.moderation.guard;

import java.util.Arrays;

/**
 * Shows the strings, numbers and words of a JSON document one by one, with their escapes undone, so
 * that nothing hides in an escape, no match reaches from one value into the next, and what takes
 * the place of a match stays within its string.
 */
final class JsonFeed implements Feed {
  private static final int DEPTH_MAX = 512;

  private final Receiver receiver;
  private State state = State.BETWEEN;

  /** Whether each object or list that is open is an object. */
  private boolean[] objects = new boolean[16];

  private int depth;
  private boolean keyFollows;

  /** Whether the value at hand is a string that is no key. */
  private boolean replaceable;

  private int escapeFrom = Integer.MAX_VALUE;
  private int escaped;
  private int digits;

  private enum State {
    BETWEEN,
    STRING,
    ESCAPE,
    UNICODE,
    WORD
  }

  /** The first half of a character that is escaped in two. */
  private int highHalf = -1;

  private int highFrom;

  JsonFeed(Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public void next(int c, int start, int end) {
    switch (state) {
      case BETWEEN -> between(c, start, end);
      case WORD -> {
        if (c == ',' || c == ']' || c == '}' || c == ':' || Character.isWhitespace(c)) {
          textEnds();
          between(c, start, end);
        } else {
          receiver.character(c, start, end);
        }
      }
      case STRING -> string(c, start, end);
      case ESCAPE -> escape(c, end);
      case UNICODE -> unicode(c, end);
    }
  }

  private void between(int c, int start, int end) {
    switch (c) {
      case '{', '[' -> open(c == '{');
      case '}', ']' -> depth = Math.max(0, depth - 1);
      case ',' -> keyFollows = depth > 0 && depth <= DEPTH_MAX && objects[depth - 1];
      case ':' -> keyFollows = false;
      case '"' -> {
        replaceable = !keyFollows;
        state = State.STRING;
      }
      default -> {
        if (!Character.isWhitespace(c)) {
          replaceable = false;
          state = State.WORD;
          receiver.character(c, start, end);
        }
      }
    }
  }

  private void open(boolean object) {
    if (depth < DEPTH_MAX) {
      if (depth == objects.length) {
        objects = Arrays.copyOf(objects, 2 * depth);
      }
      objects[depth] = object;
    }
    depth++;
    keyFollows = object;
  }

  private void string(int c, int start, int end) {
    if (c == '\\') {
      escapeFrom = start;
      state = State.ESCAPE;
      return;
    }
    flushHalf();
    if (c == '"') {
      textEnds();
    } else {
      receiver.character(c, start, end);
    }
  }

  private void escape(int c, int end) {
    if (c == 'u') {
      escaped = 0;
      digits = 0;
      state = State.UNICODE;
      return;
    }
    int meant =
        switch (c) {
          case 'n' -> '\n';
          case 't' -> '\t';
          case 'r' -> '\r';
          case 'b' -> '\b';
          case 'f' -> '\f';
          default -> c;
        };
    flushHalf();
    show(meant, escapeFrom, end);
  }

  private void unicode(int c, int end) {
    escaped = escaped * 16 + Math.max(0, Character.digit(c, 16));
    if (++digits < 4) {
      return;
    }
    char unit = (char) escaped;
    if (highHalf >= 0 && Character.isLowSurrogate(unit)) {
      int whole = Character.toCodePoint((char) highHalf, unit);
      highHalf = -1;
      show(whole, highFrom, end);
      return;
    }
    flushHalf();
    if (Character.isHighSurrogate(unit)) {
      highHalf = unit;
      highFrom = escapeFrom;
      escapeFrom = Integer.MAX_VALUE;
      state = State.STRING;
      return;
    }
    show(unit, escapeFrom, end);
  }

  private void show(int c, int start, int end) {
    escapeFrom = Integer.MAX_VALUE;
    state = State.STRING;
    receiver.character(c, start, end);
  }

  private void flushHalf() {
    if (highHalf >= 0) {
      receiver.character(highHalf, highFrom, highFrom + 6);
      highHalf = -1;
    }
  }

  private void textEnds() {
    state = State.BETWEEN;
    receiver.textEnds();
  }

  @Override
  public void end() {
    if (state != State.BETWEEN) {
      textEnds();
    }
  }

  @Override
  public int pendingFrom() {
    return highHalf >= 0 ? highFrom : escapeFrom;
  }

  @Override
  public String written(String replacement) {
    StringBuilder json = new StringBuilder();
    replacement
        .chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
              } else if (c < ' ') {
                json.append("\\u%04x".formatted(c));
              } else {
                json.append((char) c);
              }
            });
    return json.toString();
  }

  @Override
  public boolean replaceable() {
    return replaceable;
  }
}
