package io.galerne.engine.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call, by position and by name. */
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  int count() {
    return positional.size() + named.size();
  }

  /** The argument at a place or of a name, or null. */
  @Nullable Value find(int place, String name) {
    return place < positional.size() ? positional.get(place) : named.get(name);
  }

  Value get(int place, String name) {
    Value value = find(place, name);
    if (value == null) {
      throw new TemplateException("the argument '" + name + "' is missing");
    }
    return value;
  }

  Value get(int place, String name, Value otherwise) {
    Value value = find(place, name);
    return value == null ? otherwise : value;
  }

  Text text(int place, String name) {
    if (get(place, name) instanceof Text text) {
      return text;
    }
    throw new TemplateException("the argument '" + name + "' must be a string");
  }

  int integer(int place, String name, int otherwise) {
    Value value = get(place, name, new Value.Int(otherwise));
    if (value instanceof Value.Int(long number) && number == (int) number) {
      return (int) number;
    }
    throw new TemplateException("the argument '" + name + "' must be an integer");
  }
}
