package io.galerne.engine.grammar.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Makes expressions, each one once. */
final class Exprs {
  final Expr any = new Expr.Any();
  final Expr none = new Expr.None();

  private final Map<Object, Expr> known = new HashMap<>();
  private final IdentityHashMap<Expr, Integer> ids = new IdentityHashMap<>();

  Exprs() {
    ids.put(any, 0);
    ids.put(none, 1);
  }

  Expr schema(SchemaNode node) {
    if (node.json().isBoolean()) {
      return node.json().booleanValue() ? any : none;
    }
    return node.json().isEmpty()
        ? any
        : intern(List.of("schema", node.pointer()), new Expr.Schema(node));
  }

  Expr value(JsonNode json) {
    return intern(List.of("value", json.toString()), new Expr.Value(json));
  }

  Expr both(Expr a, Expr b) {
    return all(List.of(a, b));
  }

  Expr all(List<Expr> exprs) {
    List<Expr> parts = new ArrayList<>();
    Set<Integer> partIds = new TreeSet<>();
    for (Expr expr : exprs) {
      List<Expr> flat = expr instanceof Expr.Both both ? both.parts : List.of(expr);
      for (Expr part : flat) {
        if (part == none) {
          return none;
        }
        if (part != any && partIds.add(id(part))) {
          parts.add(part);
        }
      }
    }
    if (parts.size() < 2) {
      return parts.isEmpty() ? any : parts.getFirst();
    }
    return intern(List.of("both", List.copyOf(partIds)), new Expr.Both(parts));
  }

  Expr except(Expr expr) {
    if (expr == any || expr == none) {
      return expr == any ? none : any;
    }
    return expr instanceof Expr.Except except
        ? except.part
        : intern(List.of("except", id(expr)), new Expr.Except(expr));
  }

  /** A number by which an expression is known. */
  int id(Expr expr) {
    Integer id = ids.get(expr);
    if (id == null) {
      throw new IllegalArgumentException("an expression of another grammar");
    }
    return id;
  }

  private Expr intern(Object key, Expr fresh) {
    Expr expr = known.putIfAbsent(key, fresh);
    if (expr == null) {
      ids.put(fresh, ids.size());
      return fresh;
    }
    return expr;
  }
}
