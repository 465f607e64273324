package io.galerne.engine.template;

import io.galerne.engine.template.Lexeme.Kind;
import java.util.List;

/** The lexemes of a template with a place in them, and how deep the parser is. */
final class Lexemes {
  private static final int DEEPEST = 100;

  private final List<Lexeme> lexemes;
  private int position;
  private int depth;

  Lexemes(List<Lexeme> lexemes) {
    this.lexemes = lexemes;
  }

  Lexeme peek() {
    return lexemes.get(position);
  }

  Lexeme peekNext() {
    return lexemes.get(Math.min(position + 1, lexemes.size() - 1));
  }

  Lexeme take() {
    Lexeme lexeme = lexemes.get(position);
    if (lexeme.kind() != Kind.END) {
      position++;
    }
    return lexeme;
  }

  boolean isAt(Kind kind) {
    return peek().kind() == kind;
  }

  boolean isOperator(String operator) {
    return peek().is(Kind.OPERATOR, operator);
  }

  boolean isName(String name) {
    return peek().is(Kind.NAME, name);
  }

  boolean skipOperator(String operator) {
    boolean found = isOperator(operator);
    if (found) {
      take();
    }
    return found;
  }

  boolean skipName(String name) {
    boolean found = isName(name);
    if (found) {
      take();
    }
    return found;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  Lexeme expect(Kind kind, String expected) {
    if (!isAt(kind)) {
      throw unexpected(expected);
    }
    return take();
  }

  String expectName() {
    return expect(Kind.NAME, "a name").text();
  }

  void enter() {
    if (++depth > DEEPEST) {
      throw failure("nested more than " + DEEPEST + " levels deep");
    }
  }

  void leave() {
    depth--;
  }

  TemplateException unexpected(String expected) {
    return failure("expected " + expected + " but found " + peek().describe());
  }

  TemplateException failure(String message) {
    return new TemplateException("template line " + peek().line() + ": " + message);
  }
}
