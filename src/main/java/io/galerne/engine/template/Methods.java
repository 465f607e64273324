package io.galerne.engine.template;

import io.galerne.engine.template.Value.Int;
import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The methods of strings, lists, mappings and the loop. */
final class Methods {
  private final Budget budget;
  private final Attributes attributes;
  private final TextOperations texts;

  Methods(Budget budget, Attributes attributes) {
    this.budget = budget;
    this.attributes = attributes;
    this.texts = new TextOperations(budget);
  }

  /** The method bound to its value, or null if such values have none of this name. */
  @Nullable Value find(Value of, String name) {
    Value.Body body =
        switch (of) {
          case Text text -> ofText(text, name);
          case Mapping(Map<Value, Value> entries) -> ofMapping(entries, name);
          case Sequence(List<Value> items, boolean isTuple) ->
              isTuple ? null : ofSequence(items, name);
          case Value.Loop loop when name.equals("cycle") ->
              arguments -> {
                if (arguments.positional().isEmpty()) {
                  throw new TemplateException("'cycle' needs items");
                }
                return arguments.positional().get(loop.index() % arguments.positional().size());
              };
          case Value.Loop _,
              Int _,
              Value.Real _,
              Value.Bool _,
              Value.None _,
              Value.Undefined _,
              Value.Namespace _,
              Value.Function _ ->
              null;
        };
    return body == null ? null : new Value.Function(name, body);
  }

  private Value.@Nullable Body ofText(Text text, String name) {
    return switch (name) {
      case "strip" -> arguments -> texts.strip(text, characters(arguments), true, true);
      case "lstrip" -> arguments -> texts.strip(text, characters(arguments), true, false);
      case "rstrip" -> arguments -> texts.strip(text, characters(arguments), false, true);
      case "split" ->
          arguments ->
              texts.split(text, characters(arguments), arguments.integer(1, "maxsplit", -1));
      case "splitlines" -> _ -> texts.split(text, Text.of("\n"), -1);
      case "startswith" ->
          arguments -> matches(arguments, part -> text.toString().startsWith(part));
      case "endswith" -> arguments -> matches(arguments, part -> text.toString().endsWith(part));
      case "upper" -> _ -> texts.upper(text);
      case "lower" -> _ -> texts.lower(text);
      case "title" -> _ -> texts.title(text);
      case "capitalize" -> _ -> texts.capitalize(text);
      case "replace" ->
          arguments ->
              texts.replace(
                  text,
                  arguments.text(0, "old"),
                  arguments.text(1, "new"),
                  arguments.integer(2, "count", -1));
      case "join" -> arguments -> texts.join(attributes.items(arguments.get(0, "items")), text);
      case "find" ->
          arguments -> {
            Text part = arguments.text(0, "sub");
            budget.searching(text.length(), part.length());
            return new Int(text.toString().indexOf(part.toString()));
          };
      case "format" -> arguments -> texts.format(text, arguments);
      case "count" -> arguments -> new Int(texts.count(text, arguments.text(0, "sub")));
      default -> null;
    };
  }

  private Value.@Nullable Body ofMapping(Map<Value, Value> entries, String name) {
    return switch (name) {
      case "items" -> _ -> pairs(entries);
      case "keys" -> _ -> new Sequence(new ArrayList<>(entries.keySet()));
      case "values" -> _ -> new Sequence(new ArrayList<>(entries.values()));
      case "get" ->
          arguments ->
              entries.getOrDefault(
                  arguments.text(0, "key"), arguments.get(1, "default", Value.NONE));
      default -> null;
    };
  }

  private Value.@Nullable Body ofSequence(List<Value> items, String name) {
    if (!name.equals("append")) {
      return null;
    }
    return arguments -> {
      budget.step();
      items.add(arguments.get(0, "item"));
      return Value.NONE;
    };
  }

  Sequence pairs(Map<Value, Value> entries) {
    budget.steps(entries.size());
    List<Value> pairs = new ArrayList<>(entries.size());
    entries.forEach((key, value) -> pairs.add(new Sequence(List.of(key, value), true)));
    return new Sequence(pairs);
  }

  private static @Nullable Text characters(Arguments arguments) {
    Value value = arguments.get(0, "sep", Value.NONE);
    if (value instanceof Text text) {
      return text;
    }
    if (value instanceof Value.None) {
      return null;
    }
    throw new TemplateException("the argument must be a string");
  }

  /** Whether a string, or one of a tuple of strings, fits. */
  private Value matches(Arguments arguments, Predicate<String> condition) {
    Value parts = arguments.get(0, "prefix");
    if (parts instanceof Text part) {
      budget.reading(part.length());
      return Value.of(condition.test(part.toString()));
    }
    for (Value part : attributes.items(parts)) {
      budget.step();
      if (part instanceof Text text) {
        budget.reading(text.length());
        if (condition.test(text.toString())) {
          return Value.TRUE;
        }
      }
    }
    return Value.FALSE;
  }
}
