package io.galerne.engine.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is carried out in order. */
sealed interface Statement {
  record Write(Text text) implements Statement {}

  record Print(Expression expression) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  record For(
      List<String> targets,
      Expression items,
      @Nullable Expression condition,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  record Set(List<String> targets, Expression value) implements Statement {}

  record SetAttribute(String namespace, String attribute, Expression value) implements Statement {}

  record SetBlock(String target, List<Statement> body) implements Statement {}

  /** Parameters in order; those with a default may be left out of a call. */
  record Macro(
      String name, List<String> parameters, Map<String, Expression> defaults, List<Statement> body)
      implements Statement {}

  record Break() implements Statement {}

  record Continue() implements Statement {}
}
