package io.galerne.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AccentTests {
  /** All colours at steps of a third. */
  static Stream<String> colours() {
    return Stream.iterate(0, i -> i < 64, i -> i + 1)
        .map(i -> "#%02x%02x%02x".formatted((i & 3) * 85, (i >> 2 & 3) * 85, (i >> 4) * 85));
  }

  @ParameterizedTest
  @MethodSource("colours")
  void canBeReadOnBothGrounds(String colour) {
    Accent accent = Accent.of(colour);

    assertThat(Accent.contrast(rgb(accent.light()), 0xffffff)).isGreaterThanOrEqualTo(4.5);
    assertThat(Accent.contrast(rgb(accent.light()), 0xf0f3f2)).isGreaterThanOrEqualTo(4.5);
    assertThat(Accent.contrast(rgb(accent.dark()), 0x151d1c)).isGreaterThanOrEqualTo(4.5);
    assertThat(Accent.contrast(rgb(accent.onLight()), rgb(accent.light())))
        .isGreaterThanOrEqualTo(4.5);
    assertThat(Accent.contrast(rgb(accent.onDark()), rgb(accent.dark())))
        .isGreaterThanOrEqualTo(4.5);
  }

  private static int rgb(String colour) {
    return Integer.parseInt(colour.substring(1), 16);
  }
}
