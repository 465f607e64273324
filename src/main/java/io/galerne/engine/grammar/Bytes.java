package io.galerne.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes that others share their beginning with. Immutable. */
final class Bytes {
  static final Bytes NONE = new Bytes(null, 0, 0);

  private final @Nullable Bytes before;
  private final int last;
  private final int length;

  private Bytes(@Nullable Bytes before, int last, int length) {
    this.before = before;
    this.last = last;
    this.length = length;
  }

  Bytes plus(int value) {
    return new Bytes(this, value, length + 1);
  }

  byte[] toArray() {
    byte[] array = new byte[length];
    Bytes at = this;
    for (int i = length - 1; i >= 0 && at != null; i--) {
      array[i] = (byte) at.last;
      at = at.before;
    }
    return array;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes bytes
        && length == bytes.length
        && last == bytes.last
        && Arrays.equals(toArray(), bytes.toArray());
  }

  @Override
  public int hashCode() {
    return length * 31 + last;
  }

  @Override
  public String toString() {
    return new String(toArray(), StandardCharsets.UTF_8);
  }
}
