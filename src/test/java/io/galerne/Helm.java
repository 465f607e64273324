package io.galerne;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The helm command on the project's chart. */
record Helm(Path executable) {
  static final Path CHART = Path.of("helm", "galerne");
  private static final int SECONDS_MAX = 60;

  record Result(int status, String output) {}

  /** From the PATH or from target/tools. */
  static Optional<Helm> find() {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("target/tools"))
        .map(folder -> Path.of(folder, "helm"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Helm::new);
  }

  Result lint(List<String> values) {
    return run(List.of("lint", "--strict", CHART.toString()), values);
  }

  Result template(List<String> values) {
    return run(List.of("template", "trial", CHART.toString()), values);
  }

  /** The objects that the chart makes of these values, which must be good. */
  List<Map<String, Object>> render(List<String> values) {
    Result result = template(values);
    if (result.status() != 0) {
      throw new AssertionError(result.output());
    }
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    return StreamSupport.stream(yaml.loadAll(result.output()).spliterator(), false)
        .map(Helm::mapping)
        .toList();
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> mapping(Object node) {
    return (Map<String, Object>) node;
  }

  private Result run(List<String> command, List<String> values) {
    List<String> line = new ArrayList<>();
    line.add(executable.toString());
    line.addAll(command);
    line.addAll(values);
    try {
      Path output = Files.createTempFile("helm", ".txt");
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
