package io.galerne.shell;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be known of the pages without a browser: their texts, their policy, their contrasts. */
class PageFilesTests {
  private static final Path RESOURCES = Path.of("src", "main", "resources");
  private static final Path TEMPLATES = RESOURCES.resolve("templates");
  private static final Path STYLES = RESOURCES.resolve("static/shell/tokens.css");
  private static final Pattern MESSAGE = Pattern.compile("#\\{([\\w.-]+)[(}]");
  private static final Pattern INLINE =
      Pattern.compile(
          "<style|\\sstyle=|\\son[a-z]+=|<script(?![^>]*\\ssrc=)|javascript:|https?://(?!www\\.thymeleaf)");
  private static final Pattern MANY_OF_ONE =
      Pattern.compile("\\b1 (?!(?:plus|this)\\b)\\p{Ll}{2,}s\\b");

  /** Amounts of money, and figures that scripts fill in, of which there are always many. */
  private static final Set<String> NEVER_ONE =
      Set.of(
          "console.figures.rate.help",
          "console.figures.kernels",
          "console.figures.cache.help",
          "console.figures.prompt",
          "console.models.context.tokens",
          "limits.reserved",
          "chat.model.about");

  private static final Pattern COLOUR =
      Pattern.compile("--([\\w-]+): light-dark\\((#\\w{6}), (#\\w{6})\\)");

  @Test
  void everyTextIsThereInBothLanguages() throws IOException {
    Properties english = texts("");
    Properties french = texts("_fr");

    assertThat(french.stringPropertyNames())
        .containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
    assertThat(english.stringPropertyNames()).containsAll(used());
    assertThat(french.values()).doesNotContain("");
  }

  /** A text that takes values is a pattern, in which a plain apostrophe would vanish. */
  @Test
  void apostrophesAreTypographic() throws IOException {
    assertThat(texts("").values()).noneMatch(text -> text.toString().contains("'"));
    assertThat(texts("_fr").values()).noneMatch(text -> text.toString().contains("'"));
  }

  /** Formatted with one of everything, no text says "1 messages", nor a French one "1 jetons". */
  @Test
  void whatIsCountedAgreesWithOne() throws IOException {
    for (String language : List.of("", "_fr")) {
      Locale locale = language.isEmpty() ? Locale.ENGLISH : Locale.FRENCH;
      Properties texts = texts(language);
      for (String key : texts.stringPropertyNames()) {
        String text = texts.getProperty(key);
        if (!text.contains("{") || texts.containsKey(key + ".one") || NEVER_ONE.contains(key)) {
          continue;
        }
        assertThat(new MessageFormat(text, locale).format(new Object[] {1, 1, 1, 1}))
            .as(key)
            .doesNotContainPattern(MANY_OF_ONE);
      }
    }
    assertThat("You have 1 answers").containsPattern(MANY_OF_ONE);
  }

  @Test
  void thePolicyHasNothingToForbidInTheTemplates() throws IOException {
    for (Path template : files(TEMPLATES, ".html")) {
      assertThat(INLINE.matcher(Files.readString(template)).results().map(MatchResult::group))
          .as(template.toString())
          .isEmpty();
    }
  }

  private static Set<String> used() throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path template : files(TEMPLATES, ".html")) {
      MESSAGE.matcher(Files.readString(template)).results().forEach(m -> used.add(m.group(1)));
    }
    return used;
  }

  private static Properties texts(String language) throws IOException {
    Properties texts = new Properties();
    for (Path file : files(RESOURCES.resolve("i18n"), language + ".properties")) {
      if (file.toString().endsWith("_fr.properties") == language.isEmpty()) {
        continue;
      }
      try (Reader messages = Files.newBufferedReader(file)) {
        texts.load(messages);
      }
    }
    return texts;
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<p style='color: red'>",
    "<button onclick='go()'>",
    "<script>go()</script>",
    "<img src='https://elsewhere/x.png'>"
  })
  void whatThePolicyForbidsWouldBeFound(String markup) {
    assertThat(INLINE.matcher(markup).find()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ink, ground, 4.5",
    "muted, ground, 4.5",
    "muted, surface, 4.5",
    "muted, sunken, 4.5",
    "ink, tint, 4.5",
    "accent, surface, 4.5",
    "accent, sunken, 4.5",
    "accent-strong, tint, 4.5",
    "on-accent, accent, 4.5",
    "on-accent, accent-strong, 4.5",
    "danger, surface, 4.5",
    "danger, danger-tint, 4.5",
    "warning, warning-tint, 4.5",
    "warning, surface, 4.5",
    "good, good-tint, 4.5",
    "good, surface, 4.5",
    "muted, tint, 4.5",
    "field, surface, 3"
  })
  void coloursStandOut(String front, String back, double atLeast) throws IOException {
    for (int theme = 1; theme <= 2; theme++) {
      Map<String, String> colours = colours(theme);
      assertThat(
              contrast(
                  requireNonNull(colours.get(front), front),
                  requireNonNull(colours.get(back), back)))
          .as("%s on %s, %s", front, back, theme == 1 ? "light" : "dark")
          .isGreaterThanOrEqualTo(atLeast);
    }
  }

  private static Map<String, String> colours(int theme) throws IOException {
    Map<String, String> colours = new TreeMap<>();
    COLOUR
        .matcher(Files.readString(STYLES))
        .results()
        .forEach(match -> colours.put(match.group(1), match.group(1 + theme)));
    return colours;
  }

  /** Contrast ratio by WCAG 2.2. */
  private static double contrast(String one, String other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int channel) {
    double value = (channel & 0xff) / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }
}
