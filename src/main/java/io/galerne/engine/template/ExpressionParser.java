package io.galerne.engine.template;

import io.galerne.engine.template.Expression.ArgumentList;
import io.galerne.engine.template.Lexeme.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jinja's expressions, by recursive descent in its order of precedence. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> NO_OPERANDS = Set.of("else", "or", "and", "if", "is", "in");

  private final Lexemes lexemes;

  ExpressionParser(Lexemes lexemes) {
    this.lexemes = lexemes;
  }

  Expression parse() {
    lexemes.enter();
    Expression expression = parseOr();
    while (lexemes.skipName("if")) {
      Expression condition = parseOr();
      Expression otherwise = lexemes.skipName("else") ? parse() : null;
      expression = new Expression.Conditional(condition, expression, otherwise);
    }
    lexemes.leave();
    return expression;
  }

  /** An expression without {@code x if y}, as {@code for} needs it before its own {@code if}. */
  Expression parseWithoutCondition() {
    return parseOr();
  }

  /** One expression, or several with commas between, which make a tuple. */
  Expression parseTuple() {
    Expression first = parse();
    if (!lexemes.isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (lexemes.skipOperator(",") && !lexemes.isAt(Kind.BLOCK_END) && !lexemes.isOperator(")")) {
      items.add(parse());
    }
    return new Expression.ListOf(items, true);
  }

  private Expression parseOr() {
    Expression left = parseAnd();
    while (lexemes.skipName("or")) {
      left = new Expression.Or(left, parseAnd());
    }
    return left;
  }

  private Expression parseAnd() {
    Expression left = parseNot();
    while (lexemes.skipName("and")) {
      left = new Expression.And(left, parseNot());
    }
    return left;
  }

  private Expression parseNot() {
    if (!lexemes.skipName("not")) {
      return parseComparison();
    }
    lexemes.enter();
    Expression negated = new Expression.Not(parseNot());
    lexemes.leave();
    return negated;
  }

  private Expression parseComparison() {
    Expression first = parseSum();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>();
    for (String operator = comparison(); operator != null; operator = comparison()) {
      operators.add(operator);
      operands.add(parseSum());
    }
    return operators.isEmpty() ? first : new Expression.Comparison(first, operators, operands);
  }

  private @Nullable String comparison() {
    if (lexemes.isAt(Kind.OPERATOR) && COMPARISONS.contains(lexemes.peek().text())) {
      return lexemes.take().text();
    }
    if (lexemes.skipName("in")) {
      return "in";
    }
    if (lexemes.isName("not") && lexemes.peekNext().is(Kind.NAME, "in")) {
      lexemes.take();
      lexemes.take();
      return "not in";
    }
    return null;
  }

  private Expression parseSum() {
    Expression left = parseConcatenation();
    while (lexemes.isOperator("+") || lexemes.isOperator("-")) {
      String operator = lexemes.take().text();
      left = new Expression.Arithmetic(operator, left, parseConcatenation());
    }
    return left;
  }

  private Expression parseConcatenation() {
    Expression left = parseProduct();
    while (lexemes.skipOperator("~")) {
      left = new Expression.Arithmetic("~", left, parseProduct());
    }
    return left;
  }

  private Expression parseProduct() {
    Expression left = parsePower();
    while (lexemes.isOperator("*")
        || lexemes.isOperator("/")
        || lexemes.isOperator("//")
        || lexemes.isOperator("%")) {
      String operator = lexemes.take().text();
      left = new Expression.Arithmetic(operator, left, parsePower());
    }
    return left;
  }

  private Expression parsePower() {
    Expression left = parseUnary(true);
    while (lexemes.skipOperator("**")) {
      left = new Expression.Arithmetic("**", left, parseUnary(true));
    }
    return left;
  }

  private Expression parseUnary(boolean withFilters) {
    lexemes.enter();
    Expression expression;
    if (lexemes.skipOperator("-")) {
      expression = new Expression.Negative(parseUnary(false));
    } else if (lexemes.skipOperator("+")) {
      expression = parseUnary(false);
    } else {
      expression = parsePrimary();
    }
    expression = parsePostfix(expression);
    if (withFilters) {
      expression = parseFiltersAndTests(expression);
    }
    lexemes.leave();
    return expression;
  }

  private Expression parsePrimary() {
    Lexeme lexeme = lexemes.take();
    return switch (lexeme.kind()) {
      case NAME -> parseName(lexeme.text());
      case STRING -> parseStrings(lexeme.text());
      case INTEGER -> new Expression.Constant(parseInteger(lexeme.text()));
      case REAL -> new Expression.Constant(new Value.Real(Double.parseDouble(lexeme.text())));
      case OPERATOR -> parseBracketed(lexeme);
      case TEXT, EXPRESSION_BEGIN, EXPRESSION_END, BLOCK_BEGIN, BLOCK_END, END ->
          throw lexemes.failure("expected an expression but found " + lexeme.describe());
    };
  }

  private Expression parseBracketed(Lexeme bracket) {
    return switch (bracket.text()) {
      case "(" -> {
        Expression inner =
            lexemes.isOperator(")") ? new Expression.ListOf(List.of(), true) : parseTuple();
        lexemes.expectOperator(")");
        yield inner;
      }
      case "[" -> parseList();
      case "{" -> parseDict();
      default -> throw lexemes.failure("unexpected " + bracket.describe());
    };
  }

  private static Expression parseName(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Constant(Value.TRUE);
      case "false", "False" -> new Expression.Constant(Value.FALSE);
      case "none", "None" -> new Expression.Constant(Value.NONE);
      default -> new Expression.Name(name);
    };
  }

  private Expression parseStrings(String first) {
    StringBuilder text = new StringBuilder(first);
    while (lexemes.isAt(Kind.STRING)) {
      text.append(lexemes.take().text());
    }
    return new Expression.Constant(Text.of(text.toString()));
  }

  private Value parseInteger(String digits) {
    try {
      return new Value.Int(Long.parseLong(digits));
    } catch (NumberFormatException _) {
      throw lexemes.failure(digits + " is too large");
    }
  }

  private Expression parseList() {
    List<Expression> items = new ArrayList<>();
    while (!lexemes.isOperator("]")) {
      items.add(parse());
      if (!lexemes.skipOperator(",")) {
        break;
      }
    }
    lexemes.expectOperator("]");
    return new Expression.ListOf(items, false);
  }

  private Expression parseDict() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!lexemes.isOperator("}")) {
      keys.add(parse());
      lexemes.expectOperator(":");
      values.add(parse());
      if (!lexemes.skipOperator(",")) {
        break;
      }
    }
    lexemes.expectOperator("}");
    return new Expression.DictOf(keys, values);
  }

  private Expression parsePostfix(Expression start) {
    Expression expression = start;
    while (true) {
      if (lexemes.skipOperator(".")) {
        expression =
            lexemes.isAt(Kind.INTEGER)
                ? new Expression.Item(
                    expression, new Expression.Constant(parseInteger(lexemes.take().text())))
                : new Expression.Attribute(expression, lexemes.expectName());
      } else if (lexemes.skipOperator("[")) {
        expression = parseSubscript(expression);
      } else if (lexemes.isOperator("(")) {
        expression = new Expression.Call(expression, parseArguments());
      } else {
        return expression;
      }
    }
  }

  private Expression parseSubscript(Expression of) {
    Expression start = lexemes.isOperator(":") ? null : parse();
    if (!lexemes.skipOperator(":")) {
      lexemes.expectOperator("]");
      if (start == null) {
        throw lexemes.unexpected("an index");
      }
      return new Expression.Item(of, start);
    }
    Expression stop = lexemes.isOperator(":") || lexemes.isOperator("]") ? null : parse();
    Expression step = lexemes.skipOperator(":") && !lexemes.isOperator("]") ? parse() : null;
    lexemes.expectOperator("]");
    return new Expression.Slice(of, start, stop, step);
  }

  private Expression parseFiltersAndTests(Expression start) {
    Expression expression = start;
    while (true) {
      if (lexemes.skipOperator("|")) {
        String name = lexemes.expectName();
        ArgumentList arguments = lexemes.isOperator("(") ? parseArguments() : ArgumentList.NONE;
        expression = new Expression.Filter(expression, name, arguments);
      } else if (lexemes.skipName("is")) {
        expression = parseTest(expression);
      } else if (lexemes.isOperator("(")) {
        expression = new Expression.Call(expression, parseArguments());
      } else {
        return expression;
      }
    }
  }

  private Expression parseTest(Expression of) {
    boolean negated = lexemes.skipName("not");
    String name = lexemes.expectName();
    ArgumentList arguments = ArgumentList.NONE;
    if (lexemes.isOperator("(")) {
      arguments = parseArguments();
    } else if (startsOperand()) {
      arguments = new ArgumentList(List.of(parsePostfix(parsePrimary())), Map.of());
    }
    Expression test = new Expression.Test(of, name, arguments);
    return negated ? new Expression.Not(test) : test;
  }

  private boolean startsOperand() {
    Lexeme next = lexemes.peek();
    return switch (next.kind()) {
      case NAME -> !NO_OPERANDS.contains(next.text()) && !next.text().equals("not");
      case STRING, INTEGER, REAL -> true;
      case OPERATOR -> next.text().equals("[") || next.text().equals("{");
      case TEXT, EXPRESSION_BEGIN, EXPRESSION_END, BLOCK_BEGIN, BLOCK_END, END -> false;
    };
  }

  private ArgumentList parseArguments() {
    lexemes.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!lexemes.isOperator(")")) {
      if (lexemes.isAt(Kind.NAME) && lexemes.peekNext().is(Kind.OPERATOR, "=")) {
        String name = lexemes.expectName();
        lexemes.expectOperator("=");
        named.put(name, parse());
      } else {
        positional.add(parse());
      }
      if (!lexemes.skipOperator(",")) {
        break;
      }
    }
    lexemes.expectOperator(")");
    return new ArgumentList(positional, named);
  }
}
