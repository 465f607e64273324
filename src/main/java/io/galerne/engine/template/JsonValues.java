package io.galerne.engine.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON texts of a request as values of a template; every character of theirs is a message's. */
final class JsonValues implements JsonParser.Builder<Value> {
  private static final JsonValues VALUES = new JsonValues();

  private JsonValues() {}

  /** The value of a JSON text; a text that isn't JSON is a string. */
  static Value of(String text) {
    return JsonParser.parse(text, VALUES).orElseGet(() -> Text.ofMessage(text));
  }

  @Override
  public Value string(String text) {
    return Text.ofMessage(text);
  }

  @Override
  public Value number(String digits, boolean isInteger) {
    try {
      return isInteger
          ? new Value.Int(Long.parseLong(digits))
          : new Value.Real(Double.parseDouble(digits));
    } catch (NumberFormatException _) {
      return new Value.Real(Double.parseDouble(digits));
    }
  }

  @Override
  public Value literal(String name) {
    return name.equals("null") ? Value.NONE : Value.of(name.equals("true"));
  }

  @Override
  public Value list(List<Value> items) {
    return new Value.Sequence(new ArrayList<>(items));
  }

  @Override
  public Value object(Map<String, Value> entries) {
    Map<Value, Value> mapping = new LinkedHashMap<>();
    entries.forEach((key, value) -> mapping.put(Text.ofMessage(key), value));
    return new Value.Mapping(mapping);
  }
}
