package io.galerne.engine.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns the bytes of one token after the other into text. A character that is not yet complete is
 * held back; what can't become one is U+FFFD, exactly as if all bytes were decoded at once. For one
 * sequence and one thread.
 */
public final class StreamDecoder {
  private static final int LONGEST_INCOMPLETE = 3;
  private static final String END_OF_TURN = "[/INST]";

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] incomplete = new byte[0];
  private boolean dropsBlank;

  public StreamDecoder() {
    this(false);
  }

  private StreamDecoder(boolean dropsBlank) {
    this.dropsBlank = dropsBlank;
  }

  /**
   * Reads an answer. SentencePiece puts a blank before a text, so where the answer is a text of its
   * own its first blank is no part of it; where it goes on with the prompt's last text, it is. The
   * answer is a text of its own after a control token, and after the mark that ends a turn in
   * Mistral's format v1, which is ordinary text.
   */
  public static StreamDecoder after(Tokenizer tokenizer, int[] prompt) {
    return new StreamDecoder(tokenizer.addsBlank() && endsText(tokenizer, prompt));
  }

  private static boolean endsText(Tokenizer tokenizer, int[] prompt) {
    if (prompt.length == 0 || tokenizer.isControl(prompt[prompt.length - 1])) {
      return true;
    }
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    for (int i = Math.max(0, prompt.length - END_OF_TURN.length()); i < prompt.length; i++) {
      end.writeBytes(tokenizer.bytes(prompt[i]));
    }
    return end.toString(StandardCharsets.UTF_8).endsWith(END_OF_TURN);
  }

  /** The text that these bytes complete; may be empty. */
  public String append(byte[] bytes) {
    if (dropsBlank && bytes.length > 0) {
      dropsBlank = false;
      return decode(bytes[0] == ' ' ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes, false);
    }
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
