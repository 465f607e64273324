package io.galerne.engine.template;

import io.galerne.engine.template.Value.Bool;
import io.galerne.engine.template.Value.Int;
import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Sequence;

/** Jinja's tests: what may follow {@code is}. */
final class Predicates {
  private final Operators operators;

  Predicates(Operators operators) {
    this.operators = operators;
  }

  boolean test(String name, Value value, Arguments arguments) {
    return switch (name) {
      case "defined" -> !(value instanceof Value.Undefined);
      case "undefined" -> value instanceof Value.Undefined;
      case "none" -> value instanceof Value.None;
      case "string" -> value instanceof Text;
      case "number" -> Operators.isNumber(value);
      case "integer" -> value instanceof Int;
      case "float" -> value instanceof Value.Real;
      case "boolean" -> value instanceof Bool;
      case "true" -> value instanceof Bool(boolean truth) && truth;
      case "false" -> value instanceof Bool(boolean truth) && !truth;
      case "mapping" -> value instanceof Mapping;
      case "iterable" ->
          value instanceof Sequence
              || value instanceof Mapping
              || value instanceof Text
              || value instanceof Value.Undefined;
      case "sequence" ->
          value instanceof Sequence || value instanceof Mapping || value instanceof Text;
      case "callable" -> value instanceof Value.Function;
      case "odd" -> remainder(value, 2) == 1;
      case "even" -> remainder(value, 2) == 0;
      case "divisibleby" -> remainder(value, arguments.integer(0, "num", 0)) == 0;
      case "lower" -> value instanceof Text text && operators.isCased(text, false);
      case "upper" -> value instanceof Text text && operators.isCased(text, true);
      case "eq", "equalto", "sameas" -> operators.equal(value, arguments.get(0, "other"));
      case "ne" -> !operators.equal(value, arguments.get(0, "other"));
      case "lt", "lessthan" -> operators.order(value, arguments.get(0, "other")) < 0;
      case "le" -> operators.order(value, arguments.get(0, "other")) <= 0;
      case "gt", "greaterthan" -> operators.order(value, arguments.get(0, "other")) > 0;
      case "ge" -> operators.order(value, arguments.get(0, "other")) >= 0;
      case "in" -> operators.contains(arguments.get(0, "seq"), value);
      default -> throw new TemplateException("there is no test '" + name + "'");
    };
  }

  private static long remainder(Value value, int divisor) {
    if (value instanceof Int(long number) && divisor != 0) {
      return Math.floorMod(number, (long) divisor);
    }
    throw new TemplateException(Operators.describe(value) + " can't be divided by " + divisor);
  }
}
