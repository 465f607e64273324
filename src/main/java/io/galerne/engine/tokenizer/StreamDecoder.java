package io.galerne.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns the bytes of one token after the other into text. A character that is not yet complete is
 * held back; what can't become one is U+FFFD, exactly as if all bytes were decoded at once. For one
 * sequence and one thread.
 */
public final class StreamDecoder {
  private static final int LONGEST_INCOMPLETE = 3;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] incomplete = new byte[0];

  /** The text that these bytes complete; may be empty. */
  public String append(byte[] bytes) {
    return decode(bytes, false);
  }

  /** What is left at the end: empty, or U+FFFD for a character that was never completed. */
  public String finish() {
    return decode(new byte[0], true);
  }

  /** Whether the bytes so far end within a character. */
  public boolean holdsBack() {
    return incomplete.length > 0;
  }

  private String decode(byte[] bytes, boolean last) {
    ByteBuffer in = ByteBuffer.allocate(incomplete.length + bytes.length);
    in.put(incomplete).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_INCOMPLETE);
    decoder.reset();
    decoder.decode(in, out, last);
    incomplete = new byte[in.remaining()];
    in.get(incomplete);
    return out.flip().toString();
  }
}
