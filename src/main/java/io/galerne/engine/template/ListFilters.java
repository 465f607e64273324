package io.galerne.engine.template;

import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Jinja's filters for lists and mappings. */
final class ListFilters {
  private final Budget budget;
  private final Operators operators;
  private final Attributes attributes;
  private final Predicates predicates;
  private final Filters filters;

  ListFilters(
      Budget budget,
      Operators operators,
      Attributes attributes,
      Predicates predicates,
      Filters filters) {
    this.budget = budget;
    this.operators = operators;
    this.attributes = attributes;
    this.predicates = predicates;
    this.filters = filters;
  }

  Value apply(String name, Value value, Arguments arguments) {
    return switch (name) {
      case "list" -> new Sequence(copy(value));
      case "first" -> end(copy(value), true);
      case "last" -> end(copy(value), false);
      case "reverse" -> reverse(value);
      case "items", "dictsort" -> items(value, name.equals("dictsort"));
      case "map" -> map(value, arguments);
      case "select" -> select(value, arguments, false, true);
      case "reject" -> select(value, arguments, false, false);
      case "selectattr" -> select(value, arguments, true, true);
      case "rejectattr" -> select(value, arguments, true, false);
      case "unique" -> unique(value);
      case "sort" -> sort(value, arguments);
      case "sum" -> sum(value, arguments);
      case "min" -> extreme(copy(value), 1);
      case "max" -> extreme(copy(value), -1);
      default -> throw new TemplateException("there is no filter '" + name + "'");
    };
  }

  /** The items themselves, or an attribute of each if one is named. */
  List<Value> attributesOf(List<Value> items, Value attribute) {
    if (attribute instanceof Value.None) {
      return items;
    }
    List<Value> values = new ArrayList<>(items.size());
    for (Value item : items) {
      values.add(path(item, attribute));
    }
    return values;
  }

  private List<Value> copy(Value value) {
    List<Value> items = attributes.items(value);
    budget.steps(items.size());
    return new ArrayList<>(items);
  }

  private static Value end(List<Value> items, boolean first) {
    if (items.isEmpty()) {
      return new Value.Undefined(first ? "the first item" : "the last item");
    }
    return first ? items.getFirst() : items.getLast();
  }

  private Value reverse(Value value) {
    if (value instanceof Text) {
      return attributes.slice(value, null, null, -1L);
    }
    List<Value> items = copy(value);
    Collections.reverse(items);
    return new Sequence(items);
  }

  private Value items(Value value, boolean sorted) {
    if (value instanceof Value.Undefined) {
      return new Sequence(new ArrayList<>());
    }
    if (!(value instanceof Mapping(Map<Value, Value> entries))) {
      throw new TemplateException(Operators.describe(value) + " is not a mapping");
    }
    budget.steps(entries.size());
    List<Value> pairs = new ArrayList<>(entries.size());
    entries.entrySet().stream()
        .sorted(sorted ? (left, right) -> orderOfKeys(left.getKey(), right.getKey()) : (_, _) -> 0)
        .forEach(entry -> pairs.add(new Sequence(List.of(entry.getKey(), entry.getValue()), true)));
    return new Sequence(pairs);
  }

  private int orderOfKeys(Value left, Value right) {
    return left instanceof Text one && right instanceof Text other
        ? one.toString()
            .toLowerCase(Locale.ROOT)
            .compareTo(other.toString().toLowerCase(Locale.ROOT))
        : operators.order(left, right);
  }

  private Value map(Value value, Arguments arguments) {
    List<Value> mapped = new ArrayList<>();
    Value attribute = arguments.named().get("attribute");
    for (Value item : itemsIfAny(value)) {
      budget.step();
      if (attribute == null) {
        String filter = arguments.text(0, "filter").toString();
        mapped.add(nested(() -> filters.apply(filter, item, rest(arguments, 1))));
      } else {
        Value found = path(item, attribute);
        boolean absent = found instanceof Value.Undefined;
        mapped.add(absent ? arguments.named().getOrDefault("default", found) : found);
      }
    }
    return new Sequence(mapped);
  }

  /** Jinja's {@code map} and {@code select} take all that is false for an empty list. */
  private List<Value> itemsIfAny(Value value) {
    return Operators.truth(value) ? attributes.items(value) : List.of();
  }

  /** A filter may name itself through {@code map}, so this counts as a level. */
  private Value nested(Supplier<Value> filter) {
    budget.enter();
    Value value = filter.get();
    budget.leave();
    return value;
  }

  private Value select(Value value, Arguments arguments, boolean byAttribute, boolean wanted) {
    int place = byAttribute ? 1 : 0;
    List<Value> selected = new ArrayList<>();
    for (Value item : itemsIfAny(value)) {
      budget.step();
      Value tested = byAttribute ? path(item, arguments.get(0, "attribute")) : item;
      boolean passes =
          arguments.positional().size() > place
              ? predicates.test(
                  arguments.text(place, "test").toString(), tested, rest(arguments, place + 1))
              : Operators.truth(tested);
      if (passes == wanted) {
        selected.add(item);
      }
    }
    return new Sequence(selected);
  }

  private static Arguments rest(Arguments arguments, int from) {
    List<Value> positional = arguments.positional();
    return new Arguments(
        positional.subList(Math.min(from, positional.size()), positional.size()),
        arguments.named());
  }

  /** An attribute, or several with dots between. */
  private Value path(Value item, Value attribute) {
    if (!(attribute instanceof Text names)) {
      return attributes.item(item, attribute);
    }
    Value value = item;
    for (String name : names.toString().split("\\.", -1)) {
      budget.step();
      value = attributes.item(value, Text.of(name));
    }
    return value;
  }

  private Value unique(Value value) {
    List<Value> unique = new ArrayList<>();
    for (Value item : attributes.items(value)) {
      if (unique.stream().noneMatch(each -> operators.equal(each, item))) {
        unique.add(item);
      }
    }
    return new Sequence(unique);
  }

  private Value sort(Value value, Arguments arguments) {
    Value attribute = arguments.named().getOrDefault("attribute", Value.NONE);
    boolean reverse = Operators.truth(arguments.get(0, "reverse", Value.FALSE));
    Comparator<Value> order =
        (left, right) -> {
          budget.step();
          return operators.order(key(left, attribute), key(right, attribute));
        };
    List<Value> items = copy(value);
    items.sort(reverse ? order.reversed() : order);
    return new Sequence(items);
  }

  private Value key(Value item, Value attribute) {
    return attribute instanceof Value.None ? item : path(item, attribute);
  }

  private Value sum(Value value, Arguments arguments) {
    Value total = new Value.Int(0);
    Value attribute = arguments.get(0, "attribute", Value.NONE);
    for (Value item : attributesOf(attributes.items(value), attribute)) {
      budget.step();
      total = operators.arithmetic("+", total, item);
    }
    return total;
  }

  private Value extreme(List<Value> items, int sign) {
    if (items.isEmpty()) {
      return new Value.Undefined("the item");
    }
    Value best = items.getFirst();
    for (Value item : items) {
      if (sign * operators.order(item, best) < 0) {
        best = item;
      }
    }
    return best;
  }
}
