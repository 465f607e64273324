package io.galerne.moderation.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine finds what RE2/J says that the pattern matches. */
class RegexScannerTests {
  private static BitSet found(String pattern, String text) {
    BitSet covered = new BitSet();
    RegexScanner scanner = new RegexScanner(RegexProgram.compile(pattern, false), 1000);
    Scanner.Hits hits = (start, end, _) -> covered.set(start, end);
    for (int i = 0; i < text.length(); i++) {
      scanner.next(text.charAt(i), i, i + 1, hits);
    }
    scanner.end(hits);
    return covered;
  }

  private static String pattern(Random random, int depth) {
    int kind = random.nextInt(depth > 2 ? 4 : 9);
    return switch (kind) {
      case 0 -> "a";
      case 1 -> "b";
      case 2 -> "[^a]";
      case 3 -> "c";
      case 4, 5 -> pattern(random, depth + 1) + pattern(random, depth + 1);
      case 6 -> "(?:" + pattern(random, depth + 1) + "|" + pattern(random, depth + 1) + ")";
      case 7 ->
          "(?:"
              + pattern(random, depth + 1)
              + ")"
              + List.of("*", "+", "?", "{2}", "{1,3}").get(random.nextInt(5));
      default -> "." + pattern(random, depth + 1);
    };
  }

  @Test
  void coversTheUnionOfAllMatchesOfRandomPatterns() {
    Random random = new Random(5);
    int compared = 0;
    while (compared < 400) {
      String pattern = pattern(random, 0);
      Pattern reference = Pattern.compile(pattern);
      if (reference.matches("")) {
        continue;
      }
      compared++;
      String text =
          random
              .ints(12, 'a', 'e')
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      BitSet expected = new BitSet();
      for (int from = 0; from < text.length(); from++) {
        for (int to = from + 1; to <= text.length(); to++) {
          if (reference.matches(text.substring(from, to))) {
            expected.set(from, to);
          }
        }
      }
      assertThat(found(pattern, text)).as("%s in %s", pattern, text).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\\bcat\\b', 'cat concat cat.', 2",
    "'(?i)straße', 'STRAßE', 1",
    "'^a|b$', 'aab', 2",
    "'(?m)^x', 'x\nxx', 2",
    "'\\p{Greek}+', 'abc αβγ', 1",
    "'[[:digit:]a-c\\-]{3}', 'a-1 xyz', 1",
    "'\\x41\\x{1F600}', 'A😀', 1",
    "'\\Qa.b\\E', 'a.b axb', 1",
    "'(?P<n>a)(?:b)', 'ab', 1",
    "'a{2}', 'aa a', 1",
    "'x{,3}', 'x{,3}', 1"
  })
  void knowsTheSyntax(String pattern, String text, int matches) {
    int[] codePoints = text.codePoints().toArray();
    BitSet starts = new BitSet();
    RegexScanner scanner = new RegexScanner(RegexProgram.compile(pattern, false), 1000);
    for (int i = 0; i < codePoints.length; i++) {
      scanner.next(codePoints[i], i, i + 1, (start, _, _) -> starts.set(start));
    }
    scanner.end((start, _, _) -> starts.set(start));

    assertThat(starts.cardinality()).isEqualTo(matches);
    assertThat(Pattern.compile(pattern).matcher(text).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "(a|aa)+",
        "(.*){1,32000}",
        "((a{100}){100}){100}",
        "(",
        "a**",
        "[z-a]",
        "\\1",
        "(?=a)b",
        "a*",
        "\\p{Nope}",
        "\\"
      })
  void hostilePatternsAreQuickOrRefused(String pattern) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          try {
            found(pattern, "a".repeat(20_000) + "!");
          } catch (PatternException e) {
            assertThat(e).hasMessageNotContainingAny("null");
          }
        });
  }

  @Test
  void deepOrLongPatternsAreRefused() {
    assertThatThrownBy(
            () -> RegexProgram.compile("(".repeat(60_000) + "a" + ")".repeat(60_000), false))
        .isInstanceOf(PatternException.class);
    assertThatThrownBy(() -> RegexProgram.compile("(".repeat(1000) + "a" + ")".repeat(1000), false))
        .isInstanceOf(PatternException.class);
    assertThatThrownBy(() -> RegexProgram.compile("a*", false)).hasMessageContaining("empty");
  }
}
