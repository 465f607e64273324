package io.galerne.moderation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Policies written out for people: what a rule is called first, then what it does. */
final class PolicyLayout {
  private static final int WIDTH = 100;
  private static final List<String> FIRST =
      List.of(
          "name",
          "description",
          "billing",
          "evidence",
          "id",
          "type",
          "category",
          "applies_to",
          "threshold",
          "action");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private PolicyLayout() {}

  /**
   * The same policy, block by block.
   *
   * @param text of a policy that can be read
   */
  static String yaml(String text) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndicatorIndent(2);
    options.setIndent(4);
    options.setIndentWithIndicator(true);
    options.setWidth(WIDTH);
    options.setAllowUnicode(true);
    return new Yaml(options).dump(ordered(tree(text)));
  }

  static String json(String text) {
    return JSON.writeValueAsString(ordered(tree(text)));
  }

  private static Object tree(String text) {
    return new Yaml(new SafeConstructor(PolicyText.options())).load(text);
  }

  private static Object ordered(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> sorted = new LinkedHashMap<>();
      for (String name : FIRST) {
        if (map.containsKey(name)) {
          sorted.put(name, ordered(map.get(name)));
        }
      }
      map.forEach((name, field) -> sorted.computeIfAbsent(name, _ -> ordered(field)));
      return sorted;
    }
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(ordered(item)));
      return items;
    }
    return value;
  }
}
