package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cells that no spreadsheet computes. */
class DecisionDeskTests {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "plain | `\"plain\"`",
        "say \"a\", b | `\"say \"\"a\"\", b\"`",
        "=1+1 | `\"'=1+1\"`",
        "+1 | `\"'+1\"`",
        "-1 | `\"'-1\"`",
        "@sum | `\"'@sum\"`"
      })
  void cellsAreQuotedAndHarmless(String value, String cell) {
    assertThat(DecisionDesk.cell(value)).isEqualTo(cell);
  }
}
