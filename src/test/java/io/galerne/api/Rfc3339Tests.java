package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Tests {
  @ParameterizedTest
  @CsvSource({
    "2026-11-23T10:00:00Z, 2026-11-23T10:00:00Z",
    "2026-11-23t10:00:00.25z, 2026-11-23T10:00:00.250Z",
    "2026-11-23T10:00:00+01:00, 2026-11-23T09:00:00Z",
    "2026-11-23T10:00:00-09:30, 2026-11-23T19:30:00Z",
    "1079-04-25T08:55:46+18:26, 1079-04-24T14:29:46Z",
    "2026-11-23T10:00:00-23:59, 2026-11-24T09:59:00Z",
    "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
    "1990-12-31T15:59:60-08:00, 1991-01-01T00:00:00Z",
    "2024-02-29T00:00:00-00:00, 2024-02-29T00:00:00Z"
  })
  void readsWhatTheStandardWrites(String text, String expected) {
    assertThat(Rfc3339.parse(text).toInstant()).isEqualTo(expected);
    assertThat(Rfc3339.parseAtUtc(text)).isEqualTo(Rfc3339.parse(text));
  }

  @Test
  void aMomentWithoutAnOffsetIsAtUtcWhereThatIsSaid() {
    assertThat(Rfc3339.parseAtUtc("2026-11-23T10:00:00").toInstant())
        .isEqualTo("2026-11-23T10:00:00Z");
    assertThatExceptionOfType(DateTimeException.class)
        .isThrownBy(() -> Rfc3339.parse("2026-11-23T10:00:00"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "tomorrow",
        "2026-11-23",
        "2026-11-23T10:00:00+24:00",
        "2026-11-23T10:00:00+01:60",
        "2026-11-23T10:00:61Z",
        "2026-11-23T24:01:00Z",
        "2023-02-29T00:00:00Z",
        "2026-11-23T10:00:00ZZ",
        "-999999999-01-01T00:00:00+23:59"
      })
  void refusesTheRest(String text) {
    assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> Rfc3339.parse(text));
    assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> Rfc3339.parseAtUtc(text));
  }
}
