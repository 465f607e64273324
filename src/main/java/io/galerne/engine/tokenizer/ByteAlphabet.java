package io.galerne.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The visible character that stands for each byte in the token texts of a byte-level vocabulary:
 * printable Latin-1 characters stand for themselves, the other 68 bytes for the characters from
 * U+0100 on.
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">GPT-2's encoder</a>
 */
final class ByteAlphabet {
  private static final char[] CHARACTERS = new char[256];
  private static final short[] BYTES = new short[0x144];

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xff && b != 0xad);
      CHARACTERS[b] = printable ? (char) b : next++;
      BYTES[CHARACTERS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  static char character(int unsignedByte) {
    return CHARACTERS[unsignedByte];
  }

  static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      encoded.append(CHARACTERS[b & 0xff]);
    }
    return encoded.toString();
  }

  /** The bytes that a token's text stands for; a text outside the alphabet stands for itself. */
  static byte[] decode(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char character = text.charAt(i);
      if (character >= BYTES.length || BYTES[character] < 0) {
        return text.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) BYTES[character];
    }
    return bytes;
  }
}
