package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a line of a page in a shell. */
final class Curl {
  private static final int SECONDS_MAX = 30;

  private Curl() {}

  static boolean isInstalled() throws IOException, InterruptedException {
    return run("curl --version", Map.of()).startsWith("curl");
  }

  static String run(String line, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true);
    shell.environment().putAll(environment);
    Process process = shell.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
