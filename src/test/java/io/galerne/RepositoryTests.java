package io.galerne;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No file says where it was written or where packages are fetched from: both differ elsewhere. */
class RepositoryTests {
  // In pieces, so that this file is not found itself.
  private static final Pattern ELSEWHERE =
      Pattern.compile(
          String.join(
              "|",
              "(?<![\\w.])/(?:ro" + "ot|wo" + "rk|ho" + "me)/",
              "registry\\.npm" + "js",
              "(?:files|test)?\\.?py" + "pi\\.org",
              "pythonho" + "sted",
              "repo\\d?\\.ma" + "ven",
              "maven\\.org",
              "proxy\\.gol" + "ang",
              "nex" + "us\\.",
              "artifac" + "tory"));

  @Test
  void noFileNamesARegistryOrAMachine() {
    List<String> found = new ArrayList<>();
    for (Path file : RepositoryFiles.all()) {
      RepositoryFiles.text(file).stream()
          .flatMap(text -> ELSEWHERE.matcher(text).results())
          .map(MatchResult::group)
          .forEach(match -> found.add(file + ": " + match));
    }
    assertThat(found).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cd /ro" + "ot/galerne",
        "https://regis" + "try.npm" + "js.org/a",
        "repo1.ma" + "ven.org"
      })
  void theyWouldBeFound(String text) {
    assertThat(ELSEWHERE.matcher(text).find()).isTrue();
  }
}
