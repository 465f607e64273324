package io.galerne.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be known of the chat's pages without a browser. */
class ChatFilesTests {
  private static final Path RESOURCES = Path.of("src", "main", "resources");
  private static final Pattern IN_TEMPLATES = Pattern.compile("(?:#\\{|msg\\(')(chat\\.[\\w.-]+)");
  private static final Pattern IN_SCRIPTS = Pattern.compile("\\btext\\(\"([\\w.-]+)\"");
  private static final Pattern PLACES = Pattern.compile("\\{\\d}");

  @Test
  void bothLanguagesSayTheSame() throws IOException {
    Properties english = bundle("chat.properties");
    Properties french = bundle("chat_fr.properties");

    assertThat(french.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      assertThat(places(french.getProperty(key)))
          .as(key)
          .isEqualTo(places(english.getProperty(key)));
      // an apostrophe would open a quotation in a message with values
      assertThat(english.getProperty(key) + french.getProperty(key)).as(key).doesNotContain("'");
    }
  }

  @Test
  void everyTextThatIsUsedExists() throws IOException {
    Set<String> defined = bundle("chat.properties").stringPropertyNames();
    Set<String> used = new TreeSet<>();
    for (String page : files("templates/chat")) {
      IN_TEMPLATES.matcher(page).results().forEach(match -> used.add(match.group(1)));
    }
    for (String script : files("static/chat")) {
      IN_SCRIPTS.matcher(script).results().forEach(match -> used.add("chat.js." + match.group(1)));
    }

    assertThat(used).hasSizeGreaterThan(100);
    assertThat(defined).containsAll(used);
  }

  private static Set<String> places(String text) {
    return PLACES.matcher(text).results().map(match -> match.group()).collect(Collectors.toSet());
  }

  private static Properties bundle(String name) throws IOException {
    Properties texts = new Properties();
    try (Reader in = Files.newBufferedReader(RESOURCES.resolve("i18n").resolve(name))) {
      texts.load(in);
    }
    return texts;
  }

  private static List<String> files(String folder) throws IOException {
    try (Stream<Path> found = Files.walk(RESOURCES.resolve(folder))) {
      return found.filter(Files::isRegularFile).map(ChatFilesTests::text).toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
