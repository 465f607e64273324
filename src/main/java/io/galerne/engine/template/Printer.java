package io.galerne.engine.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Values as text, the way Python's {@code str} writes them. */
final class Printer {
  private final Budget budget;

  Printer(Budget budget) {
    this.budget = budget;
  }

  Text print(Value value) {
    if (value instanceof Text text) {
      return text;
    }
    TextBuilder out = new TextBuilder(budget);
    write(value, out, false);
    return out.build();
  }

  private void write(Value value, TextBuilder out, boolean quoted) {
    budget.enter();
    switch (value) {
      case Text text when quoted -> writeQuoted(text, out);
      case Text text -> out.append(text);
      case Value.Int(long number) -> out.append(Long.toString(number));
      case Value.Real(double number) -> out.append(real(number));
      case Value.Bool(boolean truth) -> out.append(truth ? "True" : "False");
      case Value.None _ -> out.append("None");
      case Value.Undefined _ -> {}
      case Value.Sequence(List<Value> items, boolean isTuple) -> {
        out.append(isTuple ? "(" : "[");
        String separator = "";
        for (Value item : items) {
          write(item, out.append(separator), true);
          separator = ", ";
        }
        out.append(isTuple ? (items.size() == 1 ? ",)" : ")") : "]");
      }
      case Value.Mapping(Map<Value, Value> entries) -> {
        String separator = "";
        out.append("{");
        for (Map.Entry<Value, Value> entry : entries.entrySet()) {
          write(entry.getKey(), out.append(separator), true);
          write(entry.getValue(), out.append(": "), true);
          separator = ", ";
        }
        out.append("}");
      }
      case Value.Namespace _, Value.Loop _, Value.Function _ ->
          throw new TemplateException(Operators.describe(value) + " can't be printed");
    }
    budget.leave();
  }

  private static void writeQuoted(Text text, TextBuilder out) {
    String plain = text.toString();
    char quote = plain.indexOf('\'') >= 0 && plain.indexOf('"') < 0 ? '"' : '\'';
    out.append(String.valueOf(quote));
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean foreign = text.isForeign(i);
      switch (character) {
        case '\n' -> out.append("\\n", foreign);
        case '\r' -> out.append("\\r", foreign);
        case '\t' -> out.append("\\t", foreign);
        case '\\' -> out.append("\\\\", foreign);
        default -> {
          if (character == quote) {
            out.append("\\", foreign);
          }
          out.append(character, foreign);
        }
      }
    }
    out.append(String.valueOf(quote));
  }

  static String real(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw new TemplateException("a number is out of range");
    }
    double size = Math.abs(number);
    if (size != 0 && (size < 1e-4 || size >= 1e16)) {
      return Double.toString(number)
          .replace(".0E", "e")
          .replace("E", "e")
          .replaceFirst("e(\\d)", "e+$1")
          .replaceFirst("e([+-])(\\d)$", "e$10$2");
    }
    String plain = new BigDecimal(Double.toString(number)).toPlainString();
    String sign = 1 / number == Double.NEGATIVE_INFINITY ? "-" : "";
    return sign + (plain.contains(".") ? plain : plain + ".0");
  }
}
