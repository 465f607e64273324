package io.galerne.engine.template;

import io.galerne.engine.template.Value.Int;
import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Real;
import io.galerne.engine.template.Value.Sequence;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja's filters for single values and texts; those for lists are in {@link ListFilters}. */
final class Filters {
  private static final int LONGEST_NUMBER = 400;

  private final Budget budget;
  private final TextOperations texts;
  private final Printer printer;
  private final Attributes attributes;
  private final ListFilters lists;

  Filters(Budget budget, Operators operators, Attributes attributes, Predicates predicates) {
    this.budget = budget;
    this.texts = new TextOperations(budget);
    this.printer = new Printer(budget);
    this.attributes = attributes;
    this.lists = new ListFilters(budget, operators, attributes, predicates, this);
  }

  Value apply(String name, Value value, Arguments arguments) {
    return switch (name) {
      case "default", "d" -> defaulted(value, arguments);
      case "length", "count" -> new Int(length(value));
      case "string" -> printer.print(value);
      case "safe" -> value;
      case "tojson" -> json(value, arguments);
      case "int" -> toInteger(value, arguments);
      case "float" -> toReal(value, arguments);
      case "abs" -> absolute(value);
      case "round" -> round(value, arguments);
      case "trim" -> texts.strip(text(value), optional(arguments, "chars"), true, true);
      case "upper" -> texts.upper(text(value));
      case "lower" -> texts.lower(text(value));
      case "title" -> texts.title(text(value));
      case "capitalize" -> texts.capitalize(text(value));
      case "escape", "e" -> texts.escape(text(value));
      case "replace" ->
          texts.replace(
              text(value),
              arguments.text(0, "old"),
              arguments.text(1, "new"),
              arguments.integer(2, "count", -1));
      case "indent" ->
          texts.indent(
              text(value),
              arguments.integer(0, "width", 4),
              Operators.truth(arguments.get(1, "first", Value.FALSE)),
              Operators.truth(arguments.get(2, "blank", Value.FALSE)));
      case "join" ->
          texts.join(
              lists.attributesOf(
                  attributes.items(value), arguments.get(1, "attribute", Value.NONE)),
              printer.print(arguments.get(0, "d", Text.EMPTY)));
      default -> lists.apply(name, value, arguments);
    };
  }

  /** Filters of texts print what is not one, as Jinja does. */
  private Text text(Value value) {
    return printer.print(value);
  }

  private static @Nullable Text optional(Arguments arguments, String name) {
    return arguments.find(0, name) == null ? null : arguments.text(0, name);
  }

  private Value defaulted(Value value, Arguments arguments) {
    boolean falseToo = Operators.truth(arguments.get(1, "boolean", Value.FALSE));
    boolean absent = value instanceof Value.Undefined || (falseToo && !Operators.truth(value));
    return absent ? arguments.get(0, "default_value", Text.EMPTY) : value;
  }

  private static long length(Value value) {
    return switch (value) {
      case Text text -> text.toString().codePointCount(0, text.length());
      case Sequence(List<Value> items, _) -> items.size();
      case Mapping(Map<Value, Value> entries) -> entries.size();
      case Value.Undefined _ -> 0;
      case Int _,
          Real _,
          Value.Bool _,
          Value.None _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw new TemplateException(Operators.describe(value) + " has no length");
    };
  }

  /** Its parameters are in the order that transformers gives them. */
  private Text json(Value value, Arguments arguments) {
    boolean ascii = Operators.truth(arguments.get(0, "ensure_ascii", Value.FALSE));
    boolean oneLine = arguments.get(1, "indent", Value.NONE) instanceof Value.None;
    int indent = oneLine ? -1 : arguments.integer(1, "indent", -1);
    Text comma = Text.of(indent < 0 ? ", " : ",");
    Text colon = Text.of(": ");
    if (arguments.get(2, "separators", Value.NONE) instanceof Sequence(List<Value> items, _)
        && items.size() == 2) {
      comma = printer.print(items.get(0));
      colon = printer.print(items.get(1));
    }
    boolean sorted = Operators.truth(arguments.get(3, "sort_keys", Value.FALSE));
    return new JsonPrinter(budget, indent, comma, colon, ascii, sorted).print(value);
  }

  private static Value toInteger(Value value, Arguments arguments) {
    if (Operators.isNumber(value)) {
      return new Int((long) Operators.real(value));
    }
    try {
      return new Int(Long.parseLong(digits(value)));
    } catch (NumberFormatException _) {
      return arguments.get(0, "default", new Int(0));
    }
  }

  private static Value toReal(Value value, Arguments arguments) {
    if (Operators.isNumber(value)) {
      return new Real(Operators.real(value));
    }
    try {
      return new Real(Double.parseDouble(digits(value)));
    } catch (NumberFormatException _) {
      return arguments.get(0, "default", new Real(0));
    }
  }

  private static String digits(Value value) {
    return value instanceof Text text && text.length() <= LONGEST_NUMBER
        ? text.toString().strip()
        : "";
  }

  private static Value absolute(Value value) {
    return switch (value) {
      case Int(long number) -> new Int(Math.abs(number));
      case Real(double number) -> new Real(Math.abs(number));
      case Text _,
          Value.Bool _,
          Value.None _,
          Value.Undefined _,
          Sequence _,
          Mapping _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw new TemplateException(Operators.describe(value) + " is not a number");
    };
  }

  private static Value round(Value value, Arguments arguments) {
    if (!Operators.isNumber(value)) {
      throw new TemplateException(Operators.describe(value) + " is not a number");
    }
    double scale = Math.pow(10, arguments.integer(0, "precision", 0));
    return new Real(Math.rint(Operators.real(value) * scale) / scale);
  }
}
