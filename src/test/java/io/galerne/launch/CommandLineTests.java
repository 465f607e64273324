package io.galerne.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTests {
  @Test
  void wordsKeepSpacesAndEmptiness() {
    assertThat(CommandLine.parse("java\0-jar\0a b.jar\0\0--name=\n\0"))
        .containsExactly("-jar", "a b.jar", "", "--name=\n");
  }

  @Test
  void addedOptionsComeBeforeWhatRuns() {
    CommandLine command = new CommandLine("/jdk/bin/java", List.of("-Xmx1g", "-jar", "g.jar", "x"));
    assertThat(command.withOptions(List.of("-Da=b")))
        .containsExactly("/jdk/bin/java", "-Da=b", "-Xmx1g", "-jar", "g.jar", "x");
  }

  @Test
  void findsThisProcess() {
    CommandLine own = CommandLine.ofThisProcess().orElseThrow();
    assertThat(own.executable()).endsWith("java");
    assertThat(own.arguments()).isNotEmpty();
  }
}
