package io.galerne.engine.template;

import io.galerne.engine.template.Value.Function;
import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions in a scope. */
final class Evaluator {
  private final Budget budget;
  private final Operators operators;
  private final Attributes attributes;
  private final Filters filters;
  private final Predicates predicates;

  Evaluator(Budget budget) {
    this.budget = budget;
    this.operators = new Operators(budget);
    this.attributes = new Attributes(budget);
    this.predicates = new Predicates(operators);
    this.filters = new Filters(budget, operators, attributes, predicates);
  }

  Value evaluate(Expression expression, Scope scope) {
    budget.enter();
    Value value =
        switch (expression) {
          case Expression.Constant(Value constant) -> constant;
          case Expression.Name(String name) -> scope.get(name);
          case Expression.ListOf(List<Expression> items, boolean isTuple) ->
              new Sequence(all(items, scope), isTuple);
          case Expression.DictOf dict -> dict(dict, scope);
          case Expression.Attribute(Expression of, String name) ->
              attributes.attribute(evaluate(of, scope), name);
          case Expression.Item(Expression of, Expression key) ->
              attributes.item(evaluate(of, scope), evaluate(key, scope));
          case Expression.Slice slice -> slice(slice, scope);
          case Expression.Call(Expression function, Expression.ArgumentList arguments) ->
              call(evaluate(function, scope), arguments(arguments, scope));
          case Expression.Filter(Expression of, String name, Expression.ArgumentList list) ->
              filters.apply(name, evaluate(of, scope), arguments(list, scope));
          case Expression.Test(Expression of, String name, Expression.ArgumentList list) ->
              Value.of(predicates.test(name, evaluate(of, scope), arguments(list, scope)));
          case Expression.Not(Expression of) -> Value.of(!isTrue(of, scope));
          case Expression.Negative(Expression of) ->
              operators.arithmetic("-", new Value.Int(0), evaluate(of, scope));
          case Expression.And(Expression left, Expression right) -> {
            Value first = evaluate(left, scope);
            yield Operators.truth(first) ? evaluate(right, scope) : first;
          }
          case Expression.Or(Expression left, Expression right) -> {
            Value first = evaluate(left, scope);
            yield Operators.truth(first) ? first : evaluate(right, scope);
          }
          case Expression.Arithmetic(String operator, Expression left, Expression right) ->
              operators.arithmetic(operator, evaluate(left, scope), evaluate(right, scope));
          case Expression.Comparison comparison -> Value.of(compare(comparison, scope));
          case Expression.Conditional(
                  Expression condition,
                  Expression then,
                  Expression otherwise) ->
              isTrue(condition, scope)
                  ? evaluate(then, scope)
                  : otherwise == null ? new Value.Undefined("else") : evaluate(otherwise, scope);
        };
    budget.leave();
    return value;
  }

  boolean isTrue(Expression expression, Scope scope) {
    return Operators.truth(evaluate(expression, scope));
  }

  /** The items of what can be iterated over. */
  List<Value> items(Expression expression, Scope scope) {
    return attributes.items(evaluate(expression, scope));
  }

  Value call(Value function, Arguments arguments) {
    if (function instanceof Function(_, Value.Body body)) {
      return body.call(arguments);
    }
    throw new TemplateException(Operators.describe(function) + " can't be called");
  }

  private boolean compare(Expression.Comparison comparison, Scope scope) {
    Value left = evaluate(comparison.first(), scope);
    for (int i = 0; i < comparison.operators().size(); i++) {
      Value right = evaluate(comparison.operands().get(i), scope);
      if (!operators.compare(comparison.operators().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    return attributes.slice(
        evaluate(slice.of(), scope),
        bound(slice.start(), scope),
        bound(slice.stop(), scope),
        bound(slice.step(), scope));
  }

  private @Nullable Long bound(@Nullable Expression expression, Scope scope) {
    if (expression == null) {
      return null;
    }
    return switch (evaluate(expression, scope)) {
      case Value.Int(long number) -> number;
      case Value.None _ -> null;
      case Text _,
          Value.Real _,
          Value.Bool _,
          Value.Undefined _,
          Sequence _,
          Mapping _,
          Value.Namespace _,
          Value.Loop _,
          Function _ ->
          throw new TemplateException("the bounds of a slice must be integers");
    };
  }

  private Value dict(Expression.DictOf dict, Scope scope) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    for (int i = 0; i < dict.keys().size(); i++) {
      Value key = evaluate(dict.keys().get(i), scope);
      if (!(key instanceof Text) && !(key instanceof Value.Int)) {
        throw new TemplateException("the keys of a mapping must be strings or integers");
      }
      entries.put(key, evaluate(dict.values().get(i), scope));
    }
    return new Mapping(entries);
  }

  private Arguments arguments(Expression.ArgumentList list, Scope scope) {
    if (list.positional().isEmpty() && list.named().isEmpty()) {
      return Arguments.NONE;
    }
    Map<String, Value> named = new LinkedHashMap<>();
    list.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    return new Arguments(all(list.positional(), scope), named);
  }

  private List<Value> all(List<Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }
}
