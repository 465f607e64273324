package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about clients shows lines of the scripts that are run, of all scripts. */
class ClientsPageTests {
  private static final Path PAGE = Path.of("docs/clients.md");
  private static final Path CLIENTS = Path.of("src/test/clients");
  private static final Pattern SNIPPET =
      Pattern.compile(
          "]\\(\\.\\./(src/test/clients/scripts/[^)]+)\\)[^`]*(?:`[^`]+`[^`]*)*?```\\w+\\n(.*?)```",
          Pattern.DOTALL);
  private static final Pattern PINNED =
      Pattern.compile(
          "(?m)^(?:mistralai|openai|langchain-mistralai|litellm)==(.+)$"
              + "|\"(?:@mistralai/mistralai|openai|@ai-sdk/mistral|ai)\": \"(.+)\""
              + "|<version>(\\d+\\..+)</version>");

  /** Further scripts of clients whose line the page shows already. */
  private static final Pattern OF_ONE_FEATURE =
      Pattern.compile("/(batch|fields_|moderation|openai-files|schemathesis|\\w+[_-]limits)");

  @Test
  void snippetsAreLinesOfTheScripts() throws IOException {
    Set<Path> shown = new HashSet<>();
    Matcher snippet = SNIPPET.matcher(Files.readString(PAGE));
    while (snippet.find()) {
      Path script = Path.of(snippet.group(1));
      shown.add(script);
      assertThat(lines(Files.readString(script)))
          .as(script.toString())
          .containsAll(lines(snippet.group(2)));
    }
    try (var scripts = Files.list(CLIENTS.resolve("scripts"))) {
      assertThat(shown)
          .containsExactlyInAnyOrderElementsOf(
              scripts
                  .filter(Files::isRegularFile)
                  .filter(script -> !OF_ONE_FEATURE.matcher(script.toString()).find())
                  .toList());
    }
  }

  private static Set<String> lines(String text) {
    return text.lines().map(String::strip).collect(Collectors.toSet());
  }

  @Test
  void versionsAreThosePinned() throws IOException {
    String page = Files.readString(PAGE);
    int pinned = 0;
    for (String file : List.of("package.json", "requirements.txt", "pom.xml")) {
      try (var clients = Files.list(CLIENTS)) {
        for (Path client : clients.map(folder -> folder.resolve(file)).toList()) {
          Matcher version = PINNED.matcher(Files.exists(client) ? Files.readString(client) : "");
          while (version.find()) {
            pinned++;
            String found = version.group().replaceAll("[^0-9.]+", " ").strip();
            assertThat(page).as(client.toString()).contains(found);
          }
        }
      }
    }
    assertThat(pinned).isGreaterThanOrEqualTo(14);
  }
}
