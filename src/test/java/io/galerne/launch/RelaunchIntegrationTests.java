package io.galerne.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RelaunchIntegrationTests {
  private record Ended(long pid, int exitCode, String output) {}

  @Test
  void theProcessReplacesItselfAndKeepsWhatTheUserSaid() throws Exception {
    Ended probe = run(List.of("-Dprobe.user=a b"), "first", "with space", "");
    assertThat(probe.output())
        .contains("pid=" + probe.pid() + " ")
        .contains("module=true user=a b tool=set args=first|with space|")
        .doesNotContain("child process");
    assertThat(probe.exitCode()).isEqualTo(7);
  }

  @Test
  void elseAChildRunsInItsPlace() throws Exception {
    Ended probe = run(List.of("-Dprobe.user=u", "-Dgalerne.launch.child=true"), "first");
    assertThat(probe.output())
        .contains("module=true user=u tool=set args=first")
        .doesNotContain("pid=" + probe.pid() + " ");
    assertThat(probe.exitCode()).isEqualTo(7);
  }

  @Test
  void thereIsNoThirdStart() throws Exception {
    Ended probe = run(List.of("-Dgalerne.relaunched=true"));
    assertThat(probe.output()).contains("Galerne cannot start").contains(Relaunch.MODULE);
    assertThat(probe.exitCode()).isEqualTo(1);
  }

  private static Ended run(List<String> options, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of("-cp", "target/classes:target/test-classes", RelaunchProbe.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Dprobe.tool=set");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.pid(), process.exitValue(), output);
  }
}
