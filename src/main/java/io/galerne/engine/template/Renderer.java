package io.galerne.engine.template;

import io.galerne.engine.template.Value.Function;
import io.galerne.engine.template.Value.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Carries out statements. One rendering each. */
final class Renderer {
  private final Budget budget;
  private final Evaluator evaluator;
  private final Printer printer;

  Renderer(Budget budget) {
    this.budget = budget;
    this.evaluator = new Evaluator(budget);
    this.printer = new Printer(budget);
  }

  /** How a list of statements ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Text render(List<Statement> statements, Scope scope) {
    TextBuilder out = new TextBuilder(budget);
    run(statements, scope, out);
    return out.build();
  }

  private Flow run(List<Statement> statements, Scope scope, TextBuilder out) {
    budget.enter();
    Flow flow = Flow.NEXT;
    for (Statement statement : statements) {
      budget.step();
      flow = run(statement, scope, out);
      if (flow != Flow.NEXT) {
        break;
      }
    }
    budget.leave();
    return flow;
  }

  private Flow run(Statement statement, Scope scope, TextBuilder out) {
    switch (statement) {
      case Statement.Write(Text text) -> out.append(text);
      case Statement.Print(Expression expression) ->
          out.append(printer.print(evaluator.evaluate(expression, scope)));
      case Statement.If branching -> {
        return branch(branching, scope, out);
      }
      case Statement.For loop -> loop(loop, scope, out);
      case Statement.Set(List<String> targets, Expression expression) ->
          assign(targets, evaluator.evaluate(expression, scope), scope);
      case Statement.SetAttribute(String namespace, String attribute, Expression expression) -> {
        if (!(scope.get(namespace) instanceof Namespace(Map<String, Value> attributes))) {
          throw new TemplateException("'" + namespace + "' is not a namespace");
        }
        attributes.put(attribute, evaluator.evaluate(expression, scope));
      }
      case Statement.SetBlock(String target, List<Statement> body) ->
          scope.set(target, render(body, new Scope(scope)));
      case Statement.Macro macro ->
          scope.set(
              macro.name(), new Function(macro.name(), arguments -> call(macro, arguments, scope)));
      case Statement.Break _ -> {
        return Flow.BREAK;
      }
      case Statement.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private Flow branch(Statement.If branching, Scope scope, TextBuilder out) {
    for (Statement.Branch branch : branching.branches()) {
      if (evaluator.isTrue(branch.condition(), scope)) {
        return run(branch.body(), scope, out);
      }
    }
    return run(branching.otherwise(), scope, out);
  }

  private void loop(Statement.For loop, Scope scope, TextBuilder out) {
    List<Value> items = items(loop, scope);
    for (int i = 0; i < items.size(); i++) {
      Scope round = new Scope(scope);
      assign(loop.targets(), items.get(i), round);
      round.set("loop", new Value.Loop(items, i));
      if (run(loop.body(), round, out) == Flow.BREAK) {
        break;
      }
    }
    if (items.isEmpty()) {
      run(loop.otherwise(), new Scope(scope), out);
    }
  }

  /** A copy, since the body may append to the list that it runs over. */
  private List<Value> items(Statement.For loop, Scope scope) {
    List<Value> all = evaluator.items(loop.items(), scope);
    budget.steps(all.size());
    if (loop.condition() == null) {
      return List.copyOf(all);
    }
    List<Value> items = new ArrayList<>();
    for (Value item : List.copyOf(all)) {
      Scope round = new Scope(scope);
      assign(loop.targets(), item, round);
      if (evaluator.isTrue(loop.condition(), round)) {
        items.add(item);
      }
    }
    return items;
  }

  private void assign(List<String> targets, Value value, Scope scope) {
    if (targets.size() == 1) {
      scope.set(targets.getFirst(), value);
      return;
    }
    if (!(value instanceof Value.Sequence(List<Value> parts, _))
        || parts.size() != targets.size()) {
      throw new TemplateException(
          Operators.describe(value) + " can't be taken apart into " + targets);
    }
    for (int i = 0; i < targets.size(); i++) {
      scope.set(targets.get(i), parts.get(i));
    }
  }

  private Value call(Statement.Macro macro, Arguments arguments, Scope definition) {
    budget.enter();
    Scope scope = new Scope(definition);
    if (arguments.positional().size() > macro.parameters().size()) {
      throw new TemplateException("too many arguments for '" + macro.name() + "'");
    }
    for (int i = 0; i < macro.parameters().size(); i++) {
      String parameter = macro.parameters().get(i);
      Value argument = arguments.find(i, parameter);
      Expression otherwise = macro.defaults().get(parameter);
      if (argument == null) {
        argument =
            otherwise == null
                ? new Value.Undefined(parameter)
                : evaluator.evaluate(otherwise, scope);
      }
      scope.set(parameter, argument);
    }
    Text text = render(macro.body(), scope);
    budget.leave();
    return text;
  }
}
