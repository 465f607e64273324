package io.galerne.engine.template;

import io.galerne.engine.template.Value.Int;
import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands behind a dot, in square brackets, and what a loop runs over. */
final class Attributes {
  private final Budget budget;
  private final Methods methods;

  Attributes(Budget budget) {
    this.budget = budget;
    this.methods = new Methods(budget, this);
  }

  Value attribute(Value of, String name) {
    if (name.startsWith("_")) {
      throw new TemplateException("the attribute '" + name + "' is not accessible");
    }
    Value method = methods.find(of, name);
    if (method != null) {
      return method;
    }
    return switch (of) {
      case Mapping(Map<Value, Value> entries) ->
          entries.getOrDefault(Text.of(name), new Value.Undefined(name));
      case Value.Namespace(Map<String, Value> attributes) ->
          attributes.getOrDefault(name, new Value.Undefined(name));
      case Value.Loop loop -> loopAttribute(loop, name);
      case Value.Undefined(String undefined) ->
          throw new TemplateException("'" + undefined + "' is undefined");
      case Text _, Int _, Value.Real _, Value.Bool _, Value.None _, Sequence _, Value.Function _ ->
          new Value.Undefined(name);
    };
  }

  Value item(Value of, Value key) {
    if (key instanceof Text name) {
      if (of instanceof Mapping(Map<Value, Value> entries)) {
        return entries.getOrDefault(name, new Value.Undefined(name.toString()));
      }
      return attribute(of, name.toString());
    }
    if (key instanceof Int && of instanceof Mapping(Map<Value, Value> entries)) {
      return entries.getOrDefault(key, new Value.Undefined("the item of this number"));
    }
    if (!(key instanceof Int(long index))) {
      // As in Jinja, where what can't be a key is one that isn't there.
      return new Value.Undefined("item " + Operators.describe(key));
    }
    return switch (of) {
      case Sequence(List<Value> items, _) -> {
        int place = place(index, items.size());
        yield place < 0 ? new Value.Undefined("item " + index) : items.get(place);
      }
      case Text text -> {
        int place = place(index, text.length());
        yield place < 0 ? new Value.Undefined("item " + index) : text.substring(place, place + 1);
      }
      case Value.Undefined(String undefined) ->
          throw new TemplateException("'" + undefined + "' is undefined");
      case Int _,
          Value.Real _,
          Value.Bool _,
          Value.None _,
          Mapping _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          new Value.Undefined("item " + index);
    };
  }

  private static int place(long index, int size) {
    long place = index < 0 ? index + size : index;
    return place < 0 || place >= size ? -1 : (int) place;
  }

  /** The items of a list, the characters of a string, the keys of a mapping. */
  List<Value> items(Value value) {
    return switch (value) {
      case Sequence(List<Value> items, _) -> items;
      case Mapping(Map<Value, Value> entries) -> {
        budget.steps(entries.size());
        yield new ArrayList<>(entries.keySet());
      }
      case Text text -> {
        budget.steps(text.length());
        List<Value> characters = new ArrayList<>(text.length());
        for (int i = 0; i < text.length(); ) {
          int end = text.toString().offsetByCodePoints(i, 1);
          characters.add(text.substring(i, end));
          i = end;
        }
        yield characters;
      }
      case Value.Undefined _ -> List.of();
      case Int _,
          Value.Real _,
          Value.Bool _,
          Value.None _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw new TemplateException(Operators.describe(value) + " can't be iterated over");
    };
  }

  /** Python's slice; absent bounds are null. */
  Value slice(Value of, @Nullable Long start, @Nullable Long stop, @Nullable Long step) {
    long stride = step == null ? 1 : step;
    if (stride == 0) {
      throw new TemplateException("the step of a slice can't be 0");
    }
    if (!(of instanceof Sequence) && !(of instanceof Text)) {
      throw new TemplateException(Operators.describe(of) + " can't be sliced");
    }
    int size = of instanceof Text text ? text.length() : items(of).size();
    long low = stride > 0 ? 0 : -1;
    long high = stride > 0 ? size : size - 1L;
    long from = start == null ? (stride > 0 ? low : high) : clamp(start, size, low, high);
    long to = stop == null ? (stride > 0 ? high : low) : clamp(stop, size, low, high);
    if (of instanceof Text text && stride == 1) {
      budget.reading(text.length());
      return text.substring((int) from, (int) Math.max(from, to));
    }
    TextBuilder characters = new TextBuilder(budget);
    List<Value> items = new ArrayList<>();
    for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
      budget.step();
      if (of instanceof Text text) {
        characters.append(text.substring((int) i, (int) i + 1));
      } else if (of instanceof Sequence(List<Value> all, _)) {
        items.add(all.get((int) i));
      }
      if (stride > size || stride < -size) {
        break;
      }
    }
    return of instanceof Text ? characters.build() : new Sequence(items);
  }

  private static long clamp(long bound, int size, long low, long high) {
    long place = bound < 0 ? bound + size : bound;
    return Math.clamp(place, low, high);
  }

  private static Value loopAttribute(Value.Loop loop, String name) {
    int index = loop.index();
    int length = loop.items().size();
    return switch (name) {
      case "index" -> new Int(index + 1L);
      case "index0" -> new Int(index);
      case "revindex" -> new Int(length - index);
      case "revindex0" -> new Int(length - index - 1L);
      case "first" -> Value.of(index == 0);
      case "last" -> Value.of(index == length - 1);
      case "length" -> new Int(length);
      case "previtem" -> index > 0 ? loop.items().get(index - 1) : new Value.Undefined(name);
      case "nextitem" ->
          index < length - 1 ? loop.items().get(index + 1) : new Value.Undefined(name);
      default -> new Value.Undefined(name);
    };
  }
}
