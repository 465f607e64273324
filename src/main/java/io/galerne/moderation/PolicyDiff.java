package io.galerne.moderation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** In what two versions of a policy differ. */
final class PolicyDiff {
  private static final JsonMapper MAPPER = new JsonMapper();

  private PolicyDiff() {}

  /**
   * One difference.
   *
   * @param pointer the JSON pointer of the value
   * @param before null where there was none
   * @param after null where there is none any more
   */
  record Change(String pointer, @Nullable String before, @Nullable String after) {}

  static List<Change> between(String before, String after) {
    List<Change> changes = new ArrayList<>();
    compare(
        "",
        MAPPER.readTree(PolicyText.canonical(before)),
        MAPPER.readTree(PolicyText.canonical(after)),
        changes);
    return changes;
  }

  private static void compare(
      String pointer, @Nullable JsonNode before, @Nullable JsonNode after, List<Change> changes) {
    if (before != null && before.equals(after)) {
      return;
    }
    if (before != null && after != null && before.isObject() && after.isObject()) {
      Set<String> fields = new LinkedHashSet<>(before.propertyNames());
      fields.addAll(after.propertyNames());
      for (String field : fields) {
        compare(pointer + "/" + field, before.get(field), after.get(field), changes);
      }
      return;
    }
    if (before != null && after != null && before.isArray() && after.isArray()) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        compare(pointer + "/" + i, before.get(i), after.get(i), changes);
      }
      return;
    }
    changes.add(new Change(pointer, text(before), text(after)));
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null ? null : node.toString();
  }
}
