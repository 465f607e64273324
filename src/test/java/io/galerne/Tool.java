package io.galerne;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that a machine may have. */
record Tool(Path executable) {
  private static final int SECONDS_MAX = 120;

  record Result(int status, String output) {}

  /** From the PATH or from target/tools. */
  static Optional<Tool> find(String name) {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("target/tools"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Tool::new);
  }

  /** Skips the test where there is none. */
  static Tool orSkip(String name) {
    return find(name)
        .orElseGet(
            () -> abort(name + " is neither on the PATH nor in target/tools; .ci/run installs it"));
  }

  Result run(List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(executable.toString());
    line.addAll(arguments);
    try {
      Path output = Files.createTempFile("tool", ".txt");
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(SECONDS_MAX, SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(line + " ran longer than " + SECONDS_MAX + " s");
      }
      String text = Files.readString(output);
      Files.delete(output);
      return new Result(process.exitValue(), text);
    } catch (IOException e) {
      throw new AssertionError(line.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(line.toString(), e);
    }
  }
}
