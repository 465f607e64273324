package io.galerne.engine.template;

import io.galerne.engine.template.Lexeme.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Jinja's statements. */
final class TemplateParser {
  private final Lexemes lexemes;
  private final ExpressionParser expressions;
  private int loops;

  private TemplateParser(Lexemes lexemes) {
    this.lexemes = lexemes;
    this.expressions = new ExpressionParser(lexemes);
  }

  static List<Statement> parse(String template) {
    TemplateParser parser = new TemplateParser(new Lexemes(TemplateLexer.read(template)));
    List<Statement> statements = parser.parseUntil(Set.of());
    if (!parser.lexemes.isAt(Kind.END)) {
      throw parser.lexemes.failure("'" + parser.lexemes.peekNext().text() + "' opens nothing");
    }
    return statements;
  }

  /** Statements up to a block of one of these names, of which only the bracket is taken. */
  private List<Statement> parseUntil(Set<String> ends) {
    lexemes.enter();
    List<Statement> statements = new ArrayList<>();
    while (!lexemes.isAt(Kind.END)) {
      Lexeme lexeme = lexemes.peek();
      if (lexeme.kind() == Kind.TEXT) {
        statements.add(new Statement.Write(Text.of(lexemes.take().text())));
      } else if (lexeme.kind() == Kind.EXPRESSION_BEGIN) {
        lexemes.take();
        statements.add(new Statement.Print(expressions.parseTuple()));
        lexemes.expect(Kind.EXPRESSION_END, "'}}'");
      } else {
        if (isEnd(lexemes.peekNext().text(), ends)) {
          break;
        }
        lexemes.take();
        parseBlock(statements);
      }
    }
    lexemes.leave();
    return statements;
  }

  private static boolean isEnd(String name, Set<String> ends) {
    return ends.contains(name)
        || name.startsWith("end")
        || name.equals("else")
        || name.equals("elif");
  }

  private void parseBlock(List<Statement> statements) {
    Lexeme keyword = lexemes.expect(Kind.NAME, "a statement");
    switch (keyword.text()) {
      case "if" -> statements.add(parseIf());
      case "for" -> statements.add(parseFor());
      case "set" -> statements.add(parseSet());
      case "macro" -> statements.add(parseMacro());
      case "generation" -> {
        endBlock();
        statements.addAll(parseUntil(Set.of("endgeneration")));
        close("endgeneration");
      }
      case "break", "continue" -> {
        if (loops == 0) {
          throw lexemes.failure("'" + keyword.text() + "' is in no loop");
        }
        boolean isBreak = keyword.text().equals("break");
        statements.add(isBreak ? new Statement.Break() : new Statement.Continue());
        endBlock();
      }
      default -> throw lexemes.failure("the statement '" + keyword.text() + "' is not supported");
    }
  }

  private Statement parseIf() {
    List<Statement.Branch> branches = new ArrayList<>();
    do {
      Expression condition = expressions.parseTuple();
      endBlock();
      branches.add(new Statement.Branch(condition, parseUntil(Set.of("elif", "else", "endif"))));
    } while (skipTo("elif"));
    List<Statement> otherwise = parseElse("endif");
    close("endif");
    return new Statement.If(branches, otherwise);
  }

  private Statement parseFor() {
    List<String> targets = parseTargets();
    if (!lexemes.skipName("in")) {
      throw lexemes.unexpected("'in'");
    }
    Expression items = expressions.parseWithoutCondition();
    Expression condition = lexemes.skipName("if") ? expressions.parse() : null;
    if (lexemes.isName("recursive")) {
      throw lexemes.failure("recursive loops are not supported");
    }
    endBlock();
    loops++;
    List<Statement> body = parseUntil(Set.of("else", "endfor"));
    loops--;
    List<Statement> otherwise = parseElse("endfor");
    close("endfor");
    return new Statement.For(targets, items, condition, body, otherwise);
  }

  private Statement parseSet() {
    if (lexemes.peekNext().is(Kind.OPERATOR, ".")) {
      String namespace = lexemes.expectName();
      lexemes.expectOperator(".");
      String attribute = lexemes.expectName();
      lexemes.expectOperator("=");
      Expression value = expressions.parseTuple();
      endBlock();
      return new Statement.SetAttribute(namespace, attribute, value);
    }
    List<String> targets = parseTargets();
    if (lexemes.skipOperator("=")) {
      Expression value = expressions.parseTuple();
      endBlock();
      return new Statement.Set(targets, value);
    }
    endBlock();
    List<Statement> body = parseUntil(Set.of("endset"));
    close("endset");
    return new Statement.SetBlock(targets.getFirst(), body);
  }

  private Statement parseMacro() {
    String name = lexemes.expectName();
    List<String> parameters = new ArrayList<>();
    Map<String, Expression> defaults = new LinkedHashMap<>();
    lexemes.expectOperator("(");
    while (!lexemes.isOperator(")")) {
      String parameter = lexemes.expectName();
      parameters.add(parameter);
      if (lexemes.skipOperator("=")) {
        defaults.put(parameter, expressions.parse());
      }
      if (!lexemes.skipOperator(",")) {
        break;
      }
    }
    lexemes.expectOperator(")");
    endBlock();
    int outerLoops = loops;
    loops = 0;
    List<Statement> body = parseUntil(Set.of("endmacro"));
    loops = outerLoops;
    close("endmacro");
    return new Statement.Macro(name, parameters, defaults, body);
  }

  private List<String> parseTargets() {
    boolean bracketed = lexemes.skipOperator("(");
    List<String> targets = new ArrayList<>();
    do {
      targets.add(lexemes.expectName());
    } while (lexemes.skipOperator(","));
    if (bracketed) {
      lexemes.expectOperator(")");
    }
    return targets;
  }

  private List<Statement> parseElse(String end) {
    if (!skipTo("else")) {
      return List.of();
    }
    endBlock();
    return parseUntil(Set.of(end));
  }

  /** Steps into the block of this name, if it is the next. */
  private boolean skipTo(String name) {
    boolean found = lexemes.isAt(Kind.BLOCK_BEGIN) && lexemes.peekNext().is(Kind.NAME, name);
    if (found) {
      lexemes.take();
      lexemes.take();
    }
    return found;
  }

  private void close(String end) {
    if (!skipTo(end)) {
      throw lexemes.unexpected("'" + end + "'");
    }
    endBlock();
  }

  private void endBlock() {
    lexemes.expect(Kind.BLOCK_END, "'%}'");
  }
}
