package io.galerne.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamDecoderTests {
  @Test
  void holdsBackACharacterUntilItIsComplete() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    StreamDecoder decoder = new StreamDecoder();
    assertThat(decoder.append(new byte[] {'a', euro[0]})).isEqualTo("a");
    assertThat(decoder.append(new byte[] {euro[1]})).isEmpty();
    assertThat(decoder.append(new byte[] {euro[2], 'b'})).isEqualTo("€b");
    assertThat(decoder.finish()).isEmpty();
  }

  @Test
  void marksWhatWasNeverCompleted() {
    StreamDecoder decoder = new StreamDecoder();
    assertThat(decoder.append(new byte[] {(byte) 0xf0, (byte) 0x9f})).isEmpty();
    assertThat(decoder.finish()).isEqualTo("\ufffd");
    assertThat(decoder.finish()).isEmpty();
  }

  /** Text with random damage, cut at random places, reads as it does in one piece. */
  @Test
  void givesTheSameTextForAnySplit() {
    byte[] text = "plain, é, €, 日本語, 👩‍👧 𝄞\n".getBytes(StandardCharsets.UTF_8);
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = text.clone();
      for (int damage = random.nextInt(8); damage > 0; damage--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      assertThat(decodeInPieces(bytes, random))
          .as("seed %d", seed)
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static String decodeInPieces(byte[] bytes, Random random) {
    StreamDecoder decoder = new StreamDecoder();
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.length; ) {
      int end = Math.min(bytes.length, at + random.nextInt(4));
      text.append(decoder.append(Arrays.copyOfRange(bytes, at, end)));
      at = end;
    }
    return text.append(decoder.finish()).toString();
  }
}
