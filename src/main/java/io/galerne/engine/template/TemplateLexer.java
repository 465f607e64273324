package io.galerne.engine.template;

import io.galerne.engine.template.Lexeme.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into text and tags, with Jinja's {@code trim_blocks} and {@code lstrip_blocks}
 * on, as the models' makers render their templates: the newline after a block and the blanks before
 * it on its line are dropped.
 */
final class TemplateLexer {
  private static final int LONGEST_TEMPLATE = 1 << 18;

  private final String source;
  private final List<Lexeme> lexemes = new ArrayList<>();
  private int position;
  private int line = 1;
  private int lineCountedTo;
  private boolean atLineStart = true;

  private TemplateLexer(String source) {
    this.source = source;
  }

  static List<Lexeme> read(String template) {
    if (template.length() > LONGEST_TEMPLATE) {
      throw new TemplateException(
          "the template is longer than " + LONGEST_TEMPLATE + " characters");
    }
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    return new TemplateLexer(source).read();
  }

  private List<Lexeme> read() {
    while (position < source.length()) {
      int tag = nextTag(position);
      if (tag < 0) {
        addText(source.substring(position));
        position = source.length();
        break;
      }
      readTag(tag);
    }
    lexemes.add(new Lexeme(Kind.END, "", currentLine()));
    return lexemes;
  }

  private void readTag(int tag) {
    char kind = source.charAt(tag + 1);
    String text = source.substring(position, tag);
    char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
    addText(trimEnd(text, kind, sign));
    position = tag + (sign == '-' || sign == '+' ? 3 : 2);
    if (kind == '#') {
      int end = source.indexOf("#}", position);
      if (end < 0) {
        throw failure("a comment is not closed");
      }
      closeTag(end, 2, true);
    } else if (kind == '%' && skipWord("raw")) {
      readRaw();
    } else if (kind == '%') {
      lexemes.add(new Lexeme(Kind.BLOCK_BEGIN, "{%", currentLine()));
      readExpression("%}", Kind.BLOCK_END);
    } else {
      lexemes.add(new Lexeme(Kind.EXPRESSION_BEGIN, "{{", currentLine()));
      readExpression("}}", Kind.EXPRESSION_END);
    }
  }

  private String trimEnd(String text, char kind, char sign) {
    if (sign == '-') {
      return text.stripTrailing();
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean startsLine = lineStart > 0 || atLineStart;
    boolean drops = kind != '{' && sign != '+' && startsLine;
    return drops && text.substring(lineStart).isBlank() ? text.substring(0, lineStart) : text;
  }

  /** Steps over the end of a tag and over what it swallows of the text behind it. */
  private void closeTag(int end, int length, boolean trimsNewline) {
    char sign = end > position ? source.charAt(end - 1) : ' ';
    position = end + length;
    if (sign == '-') {
      while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
        position++;
      }
    } else if (sign != '+' && trimsNewline && source.startsWith("\n", position)) {
      position++;
    }
    atLineStart = source.charAt(position - 1) == '\n';
  }

  /** Whether the tag holds just this word; steps over it if so. */
  private boolean skipWord(String word) {
    int at = position;
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
    int end = at + word.length();
    if (!source.startsWith(word, at)) {
      return false;
    }
    while (end < source.length() && Character.isWhitespace(source.charAt(end))) {
      end++;
    }
    int close = source.startsWith("-", end) || source.startsWith("+", end) ? end + 1 : end;
    if (!source.startsWith("%}", close)) {
      return false;
    }
    closeTag(close, 2, word.equals("endraw"));
    return true;
  }

  private void readRaw() {
    for (int tag = nextTag(position); tag >= 0; tag = nextTag(tag + 2)) {
      if (source.charAt(tag + 1) == '%') {
        int start = position;
        char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
        position = tag + (sign == '-' || sign == '+' ? 3 : 2);
        String text = trimEnd(source.substring(start, tag), '%', sign);
        if (skipWord("endraw")) {
          addText(text);
          return;
        }
        position = start;
      }
    }
    throw failure("'raw' is not closed");
  }

  private void readExpression(String end, Kind endKind) {
    int open = 0;
    while (true) {
      while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
        position++;
      }
      if (position >= source.length()) {
        throw failure("a tag is not closed by " + end);
      }
      int signed = isSign(position, end) ? position + 1 : position;
      if (open == 0 && source.startsWith(end, signed)) {
        lexemes.add(new Lexeme(endKind, end, currentLine()));
        closeTag(signed, 2, endKind == Kind.BLOCK_END);
        return;
      }
      ExpressionLexer.Read read = ExpressionLexer.read(source, position, lexemes, currentLine());
      open += read.bracket();
      position = read.end();
    }
  }

  private boolean isSign(int at, String end) {
    char sign = source.charAt(at);
    return sign == '-' || (sign == '+' && end.equals("%}"));
  }

  private int nextTag(int from) {
    for (int at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
      char next = at + 1 < source.length() ? source.charAt(at + 1) : ' ';
      if (next == '{' || next == '%' || next == '#') {
        return at;
      }
    }
    return -1;
  }

  private void addText(String text) {
    if (!text.isEmpty()) {
      lexemes.add(new Lexeme(Kind.TEXT, text, currentLine()));
    }
  }

  private int currentLine() {
    for (; lineCountedTo < position; lineCountedTo++) {
      if (source.charAt(lineCountedTo) == '\n') {
        line++;
      }
    }
    return line;
  }

  private TemplateException failure(String message) {
    return new TemplateException("template line " + currentLine() + ": " + message);
  }
}
