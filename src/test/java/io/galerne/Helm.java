package io.galerne;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The helm command on the project's chart. */
record Helm(Tool tool) {
  static final Path CHART = Path.of("helm", "galerne");

  static Helm orSkip() {
    return new Helm(Tool.orSkip("helm"));
  }

  Tool.Result lint(List<String> values) {
    return run(List.of("lint", "--strict", CHART.toString()), values);
  }

  Tool.Result template(List<String> values) {
    return run(List.of("template", "trial", CHART.toString()), values);
  }

  /** The objects that the chart makes of these values, which must be good. */
  List<Map<String, Object>> render(List<String> values) {
    Tool.Result result = template(values);
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

  private Tool.Result run(List<String> command, List<String> values) {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(values);
    return tool.run(arguments);
  }
}
