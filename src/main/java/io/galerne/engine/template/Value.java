package io.galerne.engine.template;

import java.util.List;
import java.util.Map;

/**
 * All that a template can hold. There is no variant for a Java object, so a template reaches
 * nothing but what is listed here.
 */
sealed interface Value
    permits Text,
        Value.Int,
        Value.Real,
        Value.Bool,
        Value.None,
        Value.Undefined,
        Value.Sequence,
        Value.Mapping,
        Value.Namespace,
        Value.Loop,
        Value.Function {
  Value NONE = new None();
  Value TRUE = new Bool(true);
  Value FALSE = new Bool(false);

  record Int(long number) implements Value {}

  record Real(double number) implements Value {}

  record Bool(boolean truth) implements Value {}

  record None() implements Value {}

  /** What a name or an attribute that does not exist evaluates to; most uses of it fail. */
  record Undefined(String name) implements Value {}

  /** A list or a tuple; lists can be appended to. */
  record Sequence(List<Value> items, boolean isTuple) implements Value {
    Sequence(List<Value> items) {
      this(items, false);
    }
  }

  record Mapping(Map<Value, Value> entries) implements Value {}

  /** The one kind of value whose attributes a template may set. */
  record Namespace(Map<String, Value> attributes) implements Value {}

  /** The variable {@code loop} of one round. */
  record Loop(List<Value> items, int index) implements Value {}

  record Function(String name, Body body) implements Value {}

  /** What a function does. */
  interface Body {
    Value call(Arguments arguments);
  }

  static Value of(boolean truth) {
    return truth ? TRUE : FALSE;
  }
}
