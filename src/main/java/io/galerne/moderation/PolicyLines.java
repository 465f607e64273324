package io.galerne.moderation;

import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** On which lines of a text, YAML or JSON, its values stand. */
final class PolicyLines {
  private final @Nullable Node root;
  private final int broken;

  /**
   * @param broken the line where the text stops being YAML
   */
  private PolicyLines(@Nullable Node root, int broken) {
    this.root = root;
    this.broken = broken;
  }

  static PolicyLines of(String text) {
    Yaml yaml = new Yaml(new SafeConstructor(PolicyText.options()));
    try {
      yaml.load(text); // finds doubled keys, which a tree has
      return new PolicyLines(yaml.compose(new StringReader(text)), 1);
    } catch (MarkedYAMLException e) {
      boolean known = e.getProblemMark() != null;
      return new PolicyLines(null, known ? e.getProblemMark().getLine() + 1 : 1);
    } catch (YAMLException | StackOverflowError e) {
      return new PolicyLines(null, 1);
    }
  }

  /** The line of what a JSON pointer leads to, as far as there is something. */
  int line(String pointer) {
    Node node = root;
    if (node == null) {
      return broken;
    }
    int line = 1;
    List<String> names = Arrays.asList(pointer.split("/", -1));
    for (String name : names.subList(1, Math.max(1, names.size()))) {
      Optional<Step> next = step(node, name.replace("~1", "/").replace("~0", "~"));
      if (next.isEmpty()) {
        break;
      }
      line = next.get().line();
      node = next.get().value();
    }
    return line;
  }

  private record Step(int line, Node value) {}

  private static Optional<Step> step(Node node, String name) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple field : mapping.getValue()) {
        if (field.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
          return Optional.of(new Step(lineOf(key), field.getValueNode()));
        }
      }
    } else if (node instanceof SequenceNode list && name.matches("\\d{1,6}")) {
      int index = Integer.parseInt(name);
      if (index < list.getValue().size()) {
        Node item = list.getValue().get(index);
        return Optional.of(new Step(lineOf(item), item));
      }
    }
    return Optional.empty();
  }

  private static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
