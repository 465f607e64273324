package io.galerne.moderation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** In what two versions of a policy differ. */
public final class PolicyDiff {
  private static final JsonMapper MAPPER = new JsonMapper();

  private PolicyDiff() {}

  /**
   * One difference.
   *
   * @param pointer the JSON pointer of the value
   * @param rule the id of the rule that it is in; null outside of rules
   * @param before null where there was none
   * @param after null where there is none any more
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Change(
      @JsonProperty("pointer") String pointer,
      @JsonProperty("rule") @Nullable String rule,
      @JsonProperty("before") @JsonInclude @Nullable String before,
      @JsonProperty("after") @JsonInclude @Nullable String after) {
    private Change in(String name) {
      return new Change(pointer, name, before, after);
    }

    /** What was there, written out for people; empty for nothing. */
    public String beforeText() {
      return before == null ? "" : PolicyLayout.yaml(before).strip();
    }

    public String afterText() {
      return after == null ? "" : PolicyLayout.yaml(after).strip();
    }
  }

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
      if (areNamed(before) && areNamed(after)) {
        compareNamed(pointer, before, after, changes);
        return;
      }
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        compare(pointer + "/" + i, before.get(i), after.get(i), changes);
      }
      return;
    }
    changes.add(new Change(pointer, null, text(before), text(after)));
  }

  /** Whether each item has an id, as rules have; then a new one moves no other. */
  private static boolean areNamed(JsonNode list) {
    return list.valueStream().allMatch(item -> item.path("id").isString());
  }

  /** Pointers lead into the later version; for what it has no more, into the earlier one. */
  private static void compareNamed(
      String pointer, JsonNode before, JsonNode after, List<Change> changes) {
    Map<String, JsonNode> earlier = new LinkedHashMap<>();
    Map<String, String> places = new HashMap<>();
    for (int i = 0; i < before.size(); i++) {
      String id = before.get(i).get("id").asString();
      earlier.put(id, before.get(i));
      places.put(id, pointer + "/" + i);
    }
    for (int i = 0; i < after.size(); i++) {
      JsonNode item = after.get(i);
      String id = item.get("id").asString();
      List<Change> inside = new ArrayList<>();
      compare(pointer + "/" + i, earlier.remove(id), item, inside);
      inside.forEach(change -> changes.add(change.in(id)));
    }
    earlier.forEach(
        (id, item) ->
            changes.add(new Change(places.getOrDefault(id, pointer), id, text(item), null)));
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null ? null : node.toString();
  }
}
