package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are those of Python 3.11's {@code json.dumps(json.loads(x))}. */
class JsonSpellingTests {
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '~',
      textBlock =
          """
          {"a":1,"b":[true,false,null]}  ! {"a": 1, "b": [true, false, null]}
          ~ [ ] ~                        ! []
          {"a":1,"b":2,"a":{}}           ! {"a": {}, "b": 2}
          [1.0,1e2,1E-7,-0.0,-0,1e16]    ! [1.0, 100.0, 1e-07, -0.0, 0, 1e+16]
          123456789012345678901234567890 ! 123456789012345678901234567890
          1e999                          ! Infinity
          "\\u00e9\\/\\ud83d\\ude00\\u0007" ! "é/😀\\u0007"
          "a\\nb\\"c\\\\"                ! "a\\nb\\"c\\\\"
          NaN                            ! NaN
          """)
  void spellsJsonAsPythonDoes(String text, String expected) {
    assertThat(JsonSpelling.of(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{'a': 1}",
        "01",
        "1.",
        ".5",
        "+1",
        "tru",
        "nullx",
        "[1] 2",
        "\"a\tb\"",
        "\"\\x\"",
        "\"\\u12\"",
        "{\"a\"}",
        "{1: 2}",
        "-",
        "1e",
        "\"open",
        "[NaN"
      })
  void quotesWhatIsNoJson(String text) {
    assertThat(JsonSpelling.of(text)).isEqualTo(JsonSpelling.quote(text));
  }

  @Test
  void isBoundedInDepth() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(JsonSpelling.of(deep)).startsWith("\"[[");
    assertThat(JsonSpelling.of("[".repeat(100) + "]".repeat(100))).startsWith("[[");
  }
}
