package io.galerne.engine.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Values as JSON, the way Python's {@code json.dumps} writes it, which is how the makers of chat
 * templates define {@code tojson}.
 */
final class JsonPrinter {
  private final Budget budget;
  private final int indent;
  private final Text comma;
  private final Text colon;
  private final boolean ascii;
  private final boolean sorted;

  /**
   * A notation.
   *
   * @param indent blanks per level, or below 0 for one line
   * @param ascii whether characters beyond ASCII are escaped
   * @param sorted whether keys are put in order
   */
  JsonPrinter(Budget budget, int indent, Text comma, Text colon, boolean ascii, boolean sorted) {
    this.budget = budget;
    this.indent = Math.min(indent, 16);
    this.comma = comma;
    this.colon = colon;
    this.ascii = ascii;
    this.sorted = sorted;
  }

  Text print(Value value) {
    TextBuilder out = new TextBuilder(budget);
    write(value, out, 0);
    return out.build();
  }

  private void write(Value value, TextBuilder out, int level) {
    budget.enter();
    switch (value) {
      case Text text -> writeString(text, out);
      case Value.Int(long number) -> out.append(Long.toString(number));
      case Value.Real(double number) -> out.append(Printer.real(number));
      case Value.Bool(boolean truth) -> out.append(truth ? "true" : "false");
      case Value.None _ -> out.append("null");
      case Value.Sequence(List<Value> items, _) -> {
        out.append("[");
        for (int i = 0; i < items.size(); i++) {
          newLine(i == 0 ? out : out.append(comma), level + 1);
          write(items.get(i), out, level + 1);
        }
        close(out, level, items.isEmpty(), "]");
      }
      case Value.Mapping(Map<Value, Value> entries) -> {
        out.append("{");
        Text before = Text.EMPTY;
        for (Map.Entry<Value, Value> entry : inOrder(entries)) {
          newLine(out.append(before), level + 1);
          writeString(name(entry.getKey()), out);
          write(entry.getValue(), out.append(colon), level + 1);
          before = comma;
        }
        close(out, level, entries.isEmpty(), "}");
      }
      case Value.Undefined _, Value.Namespace _, Value.Loop _, Value.Function _ ->
          throw new TemplateException(Operators.describe(value) + " has no JSON");
    }
    budget.leave();
  }

  private List<Map.Entry<Value, Value>> inOrder(Map<Value, Value> entries) {
    List<Map.Entry<Value, Value>> list = new ArrayList<>(entries.entrySet());
    if (sorted) {
      budget.steps(list.size());
      list.sort(Comparator.comparing(entry -> name(entry.getKey()).toString()));
    }
    return list;
  }

  /** Keys that are numbers become strings. */
  private static Text name(Value key) {
    return switch (key) {
      case Text text -> text;
      case Value.Int(long number) -> Text.of(Long.toString(number));
      case Value.Real _,
          Value.Bool _,
          Value.None _,
          Value.Undefined _,
          Value.Sequence _,
          Value.Mapping _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw new TemplateException(Operators.describe(key) + " is no key");
    };
  }

  private void newLine(TextBuilder out, int level) {
    if (indent >= 0) {
      out.append("\n").append(" ".repeat(indent * level));
    }
  }

  private void close(TextBuilder out, int level, boolean empty, String bracket) {
    if (!empty) {
      newLine(out, level);
    }
    out.append(bracket);
  }

  private void writeString(Text text, TextBuilder out) {
    out.append("\"");
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean foreign = text.isForeign(i);
      String escape = JsonSpelling.escape(character);
      if (escape != null) {
        out.append(escape, foreign);
      } else if (ascii && character > '~') {
        out.append("\\u%04x".formatted((int) character), foreign);
      } else {
        out.append(character, foreign);
      }
    }
    out.append("\"");
  }
}
