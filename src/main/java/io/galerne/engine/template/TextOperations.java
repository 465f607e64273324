package io.galerne.engine.template;

import io.galerne.engine.template.Value.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's string methods, each charged by the length of what it reads and makes. */
final class TextOperations {
  private static final int MOST_ARGUMENTS = 1000;

  private final Budget budget;

  TextOperations(Budget budget) {
    this.budget = budget;
  }

  /** Drops characters of a set, or white space if there is none, from either end. */
  Text strip(Text text, @Nullable Text characters, boolean left, boolean right) {
    String set = characters == null ? null : characters.toString();
    if (set != null && set.length() > 100) {
      throw new TemplateException("too many characters to strip");
    }
    budget.reading(text.length());
    int start = 0;
    int end = text.length();
    while (left && start < end && isIn(text.charAt(start), set)) {
      start++;
    }
    while (right && end > start && isIn(text.charAt(end - 1), set)) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isIn(char character, @Nullable String set) {
    return set == null ? isSpace(character) : set.indexOf(character) >= 0;
  }

  /** White space as Python has it. */
  private static boolean isSpace(char character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == 0x85;
  }

  /** Parts between separators, or between runs of white space if there is no separator. */
  Sequence split(Text text, @Nullable Text separator, int most) {
    budget.reading(text.length());
    return separator == null ? splitAtSpaces(text, most) : splitAt(text, separator, most);
  }

  private Sequence splitAt(Text text, Text separator, int most) {
    if (separator.length() == 0) {
      throw new TemplateException("the separator is empty");
    }
    budget.searching(text.length(), separator.length());
    List<Value> parts = new ArrayList<>();
    int start = 0;
    int found = text.toString().indexOf(separator.toString());
    while (found >= 0 && (most < 0 || parts.size() < most)) {
      budget.step();
      parts.add(text.substring(start, found));
      start = found + separator.length();
      found = text.toString().indexOf(separator.toString(), start);
    }
    parts.add(text.substring(start, text.length()));
    return new Sequence(parts);
  }

  private Sequence splitAtSpaces(Text text, int most) {
    budget.steps(text.length() / 8);
    List<Value> parts = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        return new Sequence(parts);
      }
      if (most >= 0 && parts.size() == most) {
        parts.add(strip(text.substring(at, text.length()), null, false, true));
        return new Sequence(parts);
      }
      int start = at;
      while (at < text.length() && !isSpace(text.charAt(at))) {
        at++;
      }
      budget.step();
      parts.add(text.substring(start, at));
    }
  }

  Text replace(Text text, Text old, Text replacement, int most) {
    budget.searching(text.length(), old.length());
    if (old.length() == 0) {
      throw new TemplateException("there is nothing to replace");
    }
    TextBuilder out = new TextBuilder(budget);
    int start = 0;
    int found = text.toString().indexOf(old.toString());
    for (int count = 0; found >= 0 && (most < 0 || count < most); count++) {
      budget.step();
      out.append(text.substring(start, found)).append(replacement);
      start = found + old.length();
      found = text.toString().indexOf(old.toString(), start);
    }
    return out.append(text.substring(start, text.length())).build();
  }

  /** Python's {@code format}, of which templates use {@code {}}, {@code {0}} and {@code {name}}. */
  Text format(Text text, Arguments arguments) {
    Printer printer = new Printer(budget);
    TextBuilder out = new TextBuilder(budget);
    String format = text.toString();
    int next = 0;
    for (int at = 0; at < format.length(); at++) {
      budget.step();
      char character = format.charAt(at);
      if (character != '{' && character != '}') {
        out.append(character, text.isForeign(at));
      } else if (at + 1 < format.length() && format.charAt(at + 1) == character) {
        out.append(character, text.isForeign(at++));
      } else {
        int end = format.indexOf('}', at);
        String name = character == '{' && end > 0 ? format.substring(at + 1, end) : "}";
        boolean isPlace = name.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        int place =
            name.isEmpty()
                ? next++
                : isPlace && name.length() < 4 ? Integer.parseInt(name) : MOST_ARGUMENTS;
        out.append(printer.print(arguments.get(place, name)));
        at = end;
      }
    }
    return out.build();
  }

  int count(Text text, Text part) {
    return part.length() == 0 ? text.length() + 1 : splitAt(text, part, -1).items().size() - 1;
  }

  Text join(List<Value> items, Text separator) {
    Printer printer = new Printer(budget);
    TextBuilder out = new TextBuilder(budget);
    boolean first = true;
    for (Value item : items) {
      budget.step();
      if (!first) {
        out.append(separator);
      }
      out.append(printer.print(item));
      first = false;
    }
    return out.build();
  }

  /** Puts blanks before each line but, unless asked for, the first and empty ones. */
  Text indent(Text text, int width, boolean first, boolean blank) {
    if (width < 0 || width > 1000) {
      throw new TemplateException("the width of 'indent' is not from 0 to 1000");
    }
    Text blanks = Text.of(" ".repeat(width));
    TextBuilder out = new TextBuilder(budget);
    List<Value> lines = splitAt(text, Text.of("\n"), -1).items();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i) instanceof Text line) {
        out.append(i > 0 ? "\n" : "");
        boolean indents = i == 0 ? first : blank || line.length() > 0;
        out.append(indents ? blanks : Text.EMPTY).append(line);
      }
    }
    return out.build();
  }

  Text upper(Text text) {
    return letters(text, text.toString().toUpperCase(Locale.ROOT));
  }

  Text lower(Text text) {
    return letters(text, text.toString().toLowerCase(Locale.ROOT));
  }

  Text capitalize(Text text) {
    if (text.length() == 0) {
      return text;
    }
    int second = text.toString().offsetByCodePoints(0, 1);
    return letters(
        text,
        text.toString().substring(0, second).toUpperCase(Locale.ROOT)
            + text.toString().substring(second).toLowerCase(Locale.ROOT));
  }

  Text title(Text text) {
    budget.steps(text.length() / 4);
    StringBuilder titled = new StringBuilder();
    boolean inWord = false;
    for (char character : text.toString().toCharArray()) {
      titled.append(inWord ? Character.toLowerCase(character) : Character.toTitleCase(character));
      inWord = Character.isLetter(character);
    }
    return letters(text, titled.toString());
  }

  Text escape(Text text) {
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean foreign = text.isForeign(i);
      switch (character) {
        case '&' -> out.append("&amp;", foreign);
        case '<' -> out.append("&lt;", foreign);
        case '>' -> out.append("&gt;", foreign);
        case '\'' -> out.append("&#39;", foreign);
        case '"' -> out.append("&#34;", foreign);
        default -> out.append(character, foreign);
      }
    }
    return out.build();
  }

  private Text letters(Text text, String letters) {
    budget.reading(text.length());
    budget.writing(0, letters.length());
    return text.withLetters(letters);
  }
}
