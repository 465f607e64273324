package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Escapes;
import io.galerne.engine.grammar.automaton.Formats;
import io.galerne.engine.grammar.automaton.Numbers;
import io.galerne.engine.grammar.automaton.Regex;
import io.galerne.engine.grammar.automaton.Strings;
import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the keywords say that each look at one type only. */
final class Assertions {
  private final SchemaDocument document;
  private final Exprs exprs;
  private final Forms forms;
  private final Expander expander;
  private final Budget budget;

  Assertions(SchemaDocument document, Exprs exprs, Forms forms, Expander expander, Budget budget) {
    this.document = document;
    this.exprs = exprs;
    this.forms = forms;
    this.expander = expander;
    this.budget = budget;
  }

  Form of(SchemaNode node) {
    Set<String> types = types(node);
    int literals =
        (types.contains("null") ? Form.NULL : 0)
            | (types.contains("boolean") ? Form.TRUE | Form.FALSE : 0);
    boolean numeric = types.contains("number") || types.contains("integer");
    NumberSet numbers = numeric ? numbers(node, types) : forms.none.numbers();
    StringSet strings = types.contains("string") ? strings(node) : forms.none.strings();
    ArrayShape array = types.contains("array") ? forms.normal(array(node)) : null;
    ObjectShape object = types.contains("object") ? forms.normal(object(node)) : null;
    return new Form(
        literals,
        numbers,
        strings,
        array == null ? List.of() : List.of(array),
        object == null ? List.of() : List.of(object));
  }

  private Set<String> types(SchemaNode node) {
    JsonNode type = node.get("type");
    Set<String> all = Set.of("null", "boolean", "number", "integer", "string", "array", "object");
    if (type == null) {
      return all;
    }
    budget.at("type", node.pointer());
    Set<String> types = new LinkedHashSet<>();
    for (JsonNode name : type.isArray() ? type : List.of(type)) {
      if (!name.isString() || !all.contains(name.stringValue())) {
        throw budget.refusal(Kind.MALFORMED, name + " is no type");
      }
      types.add(name.stringValue());
    }
    return types;
  }

  private NumberSet numbers(SchemaNode node, Set<String> types) {
    NumberSet set = NumberSet.ALL;
    if (!types.contains("number")) {
      set = new NumberSet(Numbers.integers());
    }
    set = compare(node, "minimum", sign -> sign >= 0, set);
    set = compare(node, "maximum", sign -> sign <= 0, set);
    set = compare(node, "exclusiveMinimum", sign -> sign > 0, set);
    set = compare(node, "exclusiveMaximum", sign -> sign < 0, set);
    BigDecimal divisor = number(node, "multipleOf");
    if (divisor != null) {
      if (divisor.signum() <= 0) {
        throw budget.refusal(Kind.MALFORMED, "is not above 0");
      }
      set = set.and(new NumberSet(Numbers.multiplesOf(divisor, budget)), budget);
    }
    return set;
  }

  private NumberSet compare(
      SchemaNode node, String keyword, IntPredicate condition, NumberSet set) {
    BigDecimal bound = number(node, keyword);
    return bound == null
        ? set
        : set.and(new NumberSet(Numbers.comparing(bound, condition, budget)), budget);
  }

  private @Nullable BigDecimal number(SchemaNode node, String keyword) {
    JsonNode value = node.get(keyword);
    if (value == null) {
      return null;
    }
    budget.at(keyword, node.pointer());
    if (!value.isNumber()) {
      throw budget.refusal(Kind.MALFORMED, "is not a number");
    }
    return value.decimalValue();
  }

  /** A count that a keyword gives, or {@code otherwise}. */
  private int count(SchemaNode node, String keyword, int otherwise) {
    BigDecimal value = number(node, keyword);
    if (value == null) {
      return otherwise;
    }
    boolean huge = value.precision() - (long) value.scale() > 9;
    if (value.signum() < 0
        || (!huge && value.setScale(0, RoundingMode.DOWN).compareTo(value) != 0)) {
      throw budget.refusal(Kind.MALFORMED, "is not a count");
    }
    if (huge) {
      throw budget.refusal(Kind.TOO_LARGE, "is larger than a document can be");
    }
    return value.intValue();
  }

  private StringSet strings(SchemaNode node) {
    int min = count(node, "minLength", 0);
    int max = count(node, "maxLength", Strings.UNBOUNDED);
    StringSet set = StringSet.length(min, max);
    JsonNode pattern = node.get("pattern");
    if (pattern != null) {
      budget.at("pattern", node.pointer());
      if (!pattern.isString()) {
        throw budget.refusal(Kind.MALFORMED, "is not a string");
      }
      Dfa spelled = Regex.string(pattern.stringValue(), Escapes.BEYOND_ASCII, budget);
      set = set.and(StringSet.of(spelled, true), budget);
    }
    JsonNode format = node.get("format");
    if (format != null && format.isString()) {
      budget.at("format", node.pointer());
      String name = format.stringValue();
      if (Formats.isRefused(name)) {
        throw budget.refusal(Kind.UNSUPPORTED, "the format '" + name + "' isn't generated");
      }
      Dfa spelled = Formats.strings(name).orElse(null);
      if (spelled != null) {
        set = set.and(StringSet.of(spelled, false), budget);
      }
    }
    return set;
  }

  private ArrayShape array(SchemaNode node) {
    List<Expr> prefix = new ArrayList<>();
    Expr rest = exprs.any;
    JsonNode items = node.get("items");
    JsonNode tuple = node.get("prefixItems");
    String restKeyword = "items";
    if (items != null && items.isArray()) {
      tuple = items;
      restKeyword = "additionalItems";
      prefix(node, "items", tuple, prefix);
    } else if (tuple != null && !node.draft7()) {
      budget.at("prefixItems", node.pointer());
      if (!tuple.isArray()) {
        throw budget.refusal(Kind.MALFORMED, "is not an array of schemas");
      }
      prefix(node, "prefixItems", tuple, prefix);
    }
    JsonNode after = node.get(restKeyword);
    if (after == null && !node.draft7()) {
      restKeyword = "unevaluatedItems";
      after = node.get(restKeyword);
    }
    if (after != null) {
      rest = exprs.schema(document.child(node, after, restKeyword));
    }
    Expr contained = exprs.any;
    int least = 0;
    JsonNode contains = node.get("contains");
    if (contains != null) {
      contained = exprs.schema(document.child(node, contains, "contains"));
      least = node.draft7() ? 1 : count(node, "minContains", 1);
      int most =
          node.draft7() ? ArrayShape.UNBOUNDED : count(node, "maxContains", ArrayShape.UNBOUNDED);
      if (most == 0 && least == 0) {
        Expr other = exprs.except(contained);
        prefix.replaceAll(item -> exprs.both(item, other));
        rest = exprs.both(rest, other);
      } else if (most != ArrayShape.UNBOUNDED) {
        budget.at("maxContains", node.pointer());
        throw budget.refusal(
            Kind.UNSUPPORTED, "matching items are counted up to 'minContains' only");
      }
    }
    int min = count(node, "minItems", 0);
    int max = count(node, "maxItems", ArrayShape.UNBOUNDED);
    return new ArrayShape(prefix, rest, min, max, least == 0 ? exprs.any : contained, least);
  }

  private void prefix(SchemaNode node, String keyword, JsonNode list, List<Expr> prefix) {
    for (int i = 0; i < list.size(); i++) {
      prefix.add(exprs.schema(document.child(node, list.get(i), keyword, Integer.toString(i))));
    }
  }

  private ObjectShape object(SchemaNode node) {
    List<ObjectShape.Pattern> patterns = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : map(node, "patternProperties").entrySet()) {
      Expr value =
          exprs.schema(document.child(node, entry.getValue(), "patternProperties", entry.getKey()));
      budget.at("patternProperties", node.pointer());
      Dfa names = Regex.string(entry.getKey(), Escapes.NEEDED, budget);
      patterns.add(new ObjectShape.Pattern(entry.getKey(), names, value));
    }
    Map<String, Expr> named = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map(node, "properties").entrySet()) {
      List<Expr> all = new ArrayList<>();
      all.add(exprs.schema(document.child(node, entry.getValue(), "properties", entry.getKey())));
      byte[] quoted = JsonText.quote(entry.getKey());
      for (ObjectShape.Pattern pattern : patterns) {
        if (pattern.names().match(quoted) != Dfa.REJECT) {
          all.add(pattern.value());
        }
      }
      named.put(entry.getKey(), exprs.all(all));
    }
    JsonNode additional = node.get("additionalProperties");
    String keyword = "additionalProperties";
    if (additional == null && !node.draft7()) {
      keyword = "unevaluatedProperties";
      additional = node.get(keyword);
    }
    Expr unmatched =
        additional == null ? exprs.any : exprs.schema(document.child(node, additional, keyword));
    Dfa names = names(node, named);
    int min = count(node, "minProperties", 0);
    int max = count(node, "maxProperties", ArrayShape.UNBOUNDED);
    return new ObjectShape(
        named,
        List.of(new ObjectShape.Others(patterns, unmatched)),
        required(node),
        min,
        max,
        names);
  }

  /** The names that 'propertyNames' allows; takes the others from those that are named. */
  private @Nullable Dfa names(SchemaNode node, Map<String, Expr> named) {
    JsonNode json = node.get("propertyNames");
    if (json == null) {
      return null;
    }
    Expr expr = exprs.schema(document.child(node, json, "propertyNames"));
    if (expr == exprs.any) {
      return null;
    }
    budget.at("propertyNames", node.pointer());
    Dfa names = expander.names(expr);
    named.replaceAll(
        (name, value) -> names.match(JsonText.quote(name)) == Dfa.REJECT ? exprs.none : value);
    return names;
  }

  private Set<String> required(SchemaNode node) {
    JsonNode json = node.get("required");
    Set<String> required = new LinkedHashSet<>();
    if (json != null && !json.isBoolean()) {
      budget.at("required", node.pointer());
      if (!json.isArray()) {
        throw budget.refusal(Kind.MALFORMED, "is not an array of names");
      }
      for (JsonNode name : json) {
        if (!name.isString()) {
          throw budget.refusal(Kind.MALFORMED, "is not an array of names");
        }
        required.add(name.stringValue());
      }
    }
    return required;
  }

  private Map<String, JsonNode> map(SchemaNode node, String keyword) {
    JsonNode json = node.get(keyword);
    Map<String, JsonNode> map = new LinkedHashMap<>();
    if (json != null) {
      budget.at(keyword, node.pointer());
      if (!json.isObject()) {
        throw budget.refusal(Kind.MALFORMED, "is not an object of schemas");
      }
      json.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue()));
      budget.atMost(budget.limits().properties(), map.size(), "properties");
    }
    return map;
  }

  /** Objects with some properties; and all that isn't an object. */
  Form objects(Map<String, Expr> named, Set<String> required) {
    ObjectShape shape =
        forms.normal(new ObjectShape(named, List.of(), required, 0, ArrayShape.UNBOUNDED, null));
    return new Form(
        7,
        NumberSet.ALL,
        StringSet.ALL,
        forms.any.arrays(),
        shape == null ? List.of() : List.of(shape));
  }
}
