package io.galerne.engine.template;

import io.galerne.engine.template.Value.Bool;
import io.galerne.engine.template.Value.Int;
import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Namespace;
import io.galerne.engine.template.Value.Real;
import io.galerne.engine.template.Value.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Python's operators on the values of a template. */
final class Operators {
  private final Budget budget;

  Operators(Budget budget) {
    this.budget = budget;
  }

  static boolean truth(Value value) {
    return switch (value) {
      case Bool(boolean truth) -> truth;
      case Value.None _, Value.Undefined _ -> false;
      case Int(long number) -> number != 0;
      case Real(double number) -> number != 0;
      case Text text -> text.length() > 0;
      case Sequence(List<Value> items, _) -> !items.isEmpty();
      case Mapping(Map<Value, Value> entries) -> !entries.isEmpty();
      case Namespace _, Value.Loop _, Value.Function _ -> true;
    };
  }

  boolean equal(Value left, Value right) {
    budget.enter();
    try {
      if (isNumber(left) && isNumber(right)) {
        return areReal(left, right) ? real(left) == real(right) : integer(left) == integer(right);
      }
      return switch (left) {
        case Text text -> {
          budget.reading(text.length());
          yield text.equals(right);
        }
        case Sequence(List<Value> items, _) ->
            right instanceof Sequence(List<Value> others, _) && equalItems(items, others);
        case Mapping(Map<Value, Value> entries) ->
            right instanceof Mapping(Map<Value, Value> others) && equalEntries(entries, others);
        case Value.None _ -> right instanceof Value.None;
        case Value.Undefined _ -> right instanceof Value.Undefined;
        case Bool _, Int _, Real _, Namespace _, Value.Loop _, Value.Function _ -> false;
      };
    } finally {
      budget.leave();
    }
  }

  private boolean equalItems(List<Value> left, List<Value> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean equalEntries(Map<Value, Value> left, Map<Value, Value> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Map.Entry<Value, Value> entry : left.entrySet()) {
      Value other = right.get(entry.getKey());
      if (other == null || !equal(entry.getValue(), other)) {
        return false;
      }
    }
    return true;
  }

  boolean compare(String operator, Value left, Value right) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      case "<" -> order(left, right) < 0;
      case "<=" -> order(left, right) <= 0;
      case ">" -> order(left, right) > 0;
      case ">=" -> order(left, right) >= 0;
      default -> throw new TemplateException("the operator '" + operator + "' is not supported");
    };
  }

  int order(Value left, Value right) {
    if (isNumber(left) && isNumber(right)) {
      return areReal(left, right)
          ? Double.compare(real(left), real(right))
          : Long.compare(integer(left), integer(right));
    }
    if (left instanceof Text first && right instanceof Text second) {
      budget.reading(Math.min(first.length(), second.length()));
      return first.toString().compareTo(second.toString());
    }
    throw unsupported("comparing", left, right);
  }

  boolean isCased(Text text, boolean upper) {
    budget.reading(text.length());
    String plain = text.toString();
    return plain.codePoints().anyMatch(upper ? Character::isUpperCase : Character::isLowerCase)
        && plain.codePoints().noneMatch(upper ? Character::isLowerCase : Character::isUpperCase);
  }

  boolean contains(Value container, Value item) {
    return switch (container) {
      case Text text when item instanceof Text part -> {
        budget.searching(text.length(), part.length());
        yield text.toString().contains(part.toString());
      }
      case Sequence(List<Value> items, _) -> items.stream().anyMatch(each -> equal(each, item));
      case Mapping(Map<Value, Value> entries) ->
          item instanceof Text key && entries.containsKey(key);
      case Value.Undefined _ -> false;
      case Text _,
          Int _,
          Real _,
          Bool _,
          Value.None _,
          Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw unsupported("'in'", item, container);
    };
  }

  Value arithmetic(String operator, Value left, Value right) {
    try {
      if (operator.equals("~")) {
        Printer printer = new Printer(budget);
        return concatenate(printer.print(left), printer.print(right));
      }
      if (isNumber(left) && isNumber(right)) {
        return areReal(left, right) || operator.equals("/")
            ? new Real(reals(operator, real(left), real(right)))
            : integers(operator, integer(left), integer(right));
      }
      return switch (operator) {
        case "+" -> add(left, right);
        case "*" -> repeat(left, right);
        default -> throw unsupported("'" + operator + "'", left, right);
      };
    } catch (ArithmeticException e) {
      throw new TemplateException("'" + operator + "': " + e.getMessage());
    }
  }

  private Value add(Value left, Value right) {
    if (left instanceof Text first && right instanceof Text second) {
      return concatenate(first, second);
    }
    if (left instanceof Sequence(List<Value> first, _)
        && right instanceof Sequence(List<Value> second, _)) {
      budget.steps(first.size() + second.size());
      List<Value> all = new ArrayList<>(first);
      all.addAll(second);
      return new Sequence(all);
    }
    throw unsupported("'+'", left, right);
  }

  Text concatenate(Text first, Text second) {
    return new TextBuilder(budget).append(first).append(second).build();
  }

  private Value repeat(Value left, Value right) {
    if (isNumber(left)) {
      return repeat(right, left);
    }
    if (left instanceof Text text && right instanceof Int(long count)) {
      TextBuilder repeated = new TextBuilder(budget);
      for (long i = 0; i < count && text.length() > 0; i++) {
        budget.step();
        repeated.append(text);
      }
      return repeated.build();
    }
    if (left instanceof Sequence(List<Value> items, _) && right instanceof Int(long count)) {
      List<Value> repeated = new ArrayList<>();
      for (long i = 0; i < count && !items.isEmpty(); i++) {
        budget.steps(items.size());
        repeated.addAll(items);
      }
      return new Sequence(repeated);
    }
    throw unsupported("'*'", left, right);
  }

  private static Value integers(String operator, long left, long right) {
    return new Int(
        switch (operator) {
          case "+" -> Math.addExact(left, right);
          case "-" -> Math.subtractExact(left, right);
          case "*" -> Math.multiplyExact(left, right);
          case "//" -> Math.floorDiv(left, right);
          case "%" -> Math.floorMod(left, right);
          case "**" -> power(left, right);
          default -> throw new ArithmeticException("is not supported");
        });
  }

  private static long power(long base, long exponent) {
    if (exponent < 0 || exponent > 62) {
      throw new ArithmeticException("the exponent is not from 0 to 62");
    }
    long power = 1;
    for (long i = 0; i < exponent; i++) {
      power = Math.multiplyExact(power, base);
    }
    return power;
  }

  private static double reals(String operator, double left, double right) {
    if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw new ArithmeticException("division by zero");
    }
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "//" -> Math.floor(left / right);
      case "%" -> left - right * Math.floor(left / right);
      case "**" -> Math.pow(left, right);
      default -> throw new ArithmeticException("is not supported");
    };
  }

  static boolean isNumber(Value value) {
    return value instanceof Int || value instanceof Real || value instanceof Bool;
  }

  private static boolean areReal(Value left, Value right) {
    return left instanceof Real || right instanceof Real;
  }

  static double real(Value value) {
    return value instanceof Real(double number) ? number : integer(value);
  }

  private static long integer(Value value) {
    if (value instanceof Int(long number)) {
      return number;
    }
    return value.equals(Value.TRUE) ? 1 : 0;
  }

  private static TemplateException unsupported(String operation, Value left, Value right) {
    return new TemplateException(
        operation + " does not work on " + describe(left) + " and " + describe(right));
  }

  static String describe(Value value) {
    return switch (value) {
      case Text _ -> "a string";
      case Int _ -> "an integer";
      case Real _ -> "a float";
      case Bool _ -> "a boolean";
      case Value.None _ -> "none";
      case Value.Undefined(String name) -> "'" + name + "', which is undefined";
      case Sequence _ -> "a list";
      case Mapping _ -> "a mapping";
      case Namespace _ -> "a namespace";
      case Value.Loop _ -> "the loop";
      case Value.Function(String name, _) -> "the function '" + name + "'";
    };
  }
}
