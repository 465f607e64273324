package io.galerne.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageCsvTests {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "plain|plain",
        "a, b|~\"a, b\"~",
        "say \"hi\"|~\"say \"\"hi\"\"\"~",
        "=1+1|'=1+1",
        "+1|'+1",
        "-1|'-1",
        "@SUM(A1)|'@SUM(A1)",
        "=HYPERLINK(\"x\")|~\"'=HYPERLINK(\"\"x\"\")\"~"
      })
  void namesAreTextsAndNeverFormulas(String name, String cell) {
    assertThat(UsageCsv.cell(name)).isEqualTo(cell);
  }
}
