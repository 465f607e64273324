package io.galerne.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTests {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void aTerminalSeesOneLineThatFillsUp() {
    ProgressBar bar = bar(true, 200);
    bar.advance(0);
    nanos.addAndGet(200_000_000);
    bar.advance(84);
    assertThat(text())
        .isEqualTo(
            "\rLoading [                              ]   0 %"
                + "\rLoading [############                  ]  42 %");
    bar.advance(116);
    assertThat(text()).endsWith("\rLoading [##############################] 100 %" + newLine());
  }

  @Test
  void aTerminalIsRedrawnTenTimesASecondAtMost() {
    ProgressBar bar = bar(true, 10_000);
    for (int i = 0; i < 10_000; i++) {
      nanos.addAndGet(100_000); // one second in all
      bar.advance(1);
    }
    assertThat(text().split("\r", -1).length - 1).isBetween(9, 12);
  }

  @Test
  void aLogSeesAFewLines() {
    ProgressBar bar = bar(false, 1_000);
    for (int i = 0; i < 1_000; i++) {
      bar.advance(1);
    }
    assertThat(text().lines()).hasSize(5).last().asString().endsWith("100 %");
    assertThat(text()).doesNotContain("\r");
  }

  @Test
  void neverMoreThanAll() {
    ProgressBar bar = bar(false, 10);
    bar.advance(25);
    assertThat(text()).contains("100 %");
    assertThatThrownBy(() -> bar(false, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private ProgressBar bar(boolean terminal, long total) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ProgressBar(out, terminal, nanos::get, "Loading", total);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String newLine() {
    return System.lineSeparator();
  }
}
