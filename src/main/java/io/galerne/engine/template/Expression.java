package io.galerne.engine.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What evaluates to a value. */
sealed interface Expression {
  record Constant(Value value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListOf(List<Expression> items, boolean isTuple) implements Expression {}

  record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

  record Attribute(Expression of, String name) implements Expression {}

  record Item(Expression of, Expression key) implements Expression {}

  record Slice(
      Expression of,
      @Nullable Expression start,
      @Nullable Expression stop,
      @Nullable Expression step)
      implements Expression {}

  record Call(Expression function, ArgumentList arguments) implements Expression {}

  record Filter(Expression of, String name, ArgumentList arguments) implements Expression {}

  record Test(Expression of, String name, ArgumentList arguments) implements Expression {}

  record Not(Expression of) implements Expression {}

  record Negative(Expression of) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

  /** {@code first op operand op operand ...}: all neighbours must compare so. */
  record Comparison(Expression first, List<String> operators, List<Expression> operands)
      implements Expression {}

  record Conditional(Expression condition, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  /** Arguments as written. */
  record ArgumentList(List<Expression> positional, Map<String, Expression> named) {
    static final ArgumentList NONE = new ArgumentList(List.of(), Map.of());
  }
}
