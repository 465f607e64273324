package io.galerne.engine.template;

/**
 * A smallest part of a template.
 *
 * @param text of names and operators as written, of strings with the escapes resolved
 */
record Lexeme(Kind kind, String text, int line) {
  enum Kind {
    TEXT,
    EXPRESSION_BEGIN,
    EXPRESSION_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    REAL,
    OPERATOR,
    END
  }

  boolean is(Kind kind, String text) {
    return this.kind == kind && this.text.equals(text);
  }

  String describe() {
    return kind == Kind.END ? "the end" : "'" + text + "'";
  }
}
