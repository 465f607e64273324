package io.galerne.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvoiceCsvTests {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "=1+1 | '=1+1",
        "+1 | '+1",
        "-1 | '-1",
        "@SUM(A1) | '@SUM(A1)",
        "a,b | \"a,b\"",
        "say \"hi\" | \"say \"\"hi\"\"\"",
        "=cmd,x | \"'=cmd,x\"",
        "mistral-tiny | mistral-tiny"
      })
  void textThatLooksLikeAFormulaIsText(String text, String field) {
    assertThat(InvoiceCsv.row(text)).isEqualTo(field);
  }

  @Test
  void numbersStayNumbers() {
    assertThat(InvoiceCsv.row(InvoiceCsv.money(-1_500_000), 7L, null, new BigDecimal("0.000001")))
        .isEqualTo("-1.500000,7,,0.000001");
    assertThat(InvoiceCsv.row("\tx\ny")).isEqualTo("\"'\tx\ny\"");
  }
}
