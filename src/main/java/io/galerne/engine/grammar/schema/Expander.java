package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes expressions apart into forms: what a schema's keywords say together. */
final class Expander {
  private static final int PROBE_DEPTH = 4;

  private final SchemaDocument document;
  private final Exprs exprs;
  private final Forms forms;
  private final Values values;
  private final Assertions assertions;
  private final Budget budget;
  private final IdentityHashMap<Expr, Form> known = new IdentityHashMap<>();
  private final Set<Expr> inProgress = new HashSet<>();

  Expander(SchemaDocument document, Exprs exprs, Budget budget) {
    this.document = document;
    this.exprs = exprs;
    this.budget = budget;
    this.forms = new Forms(exprs, budget);
    this.values = new Values(exprs, forms, budget);
    this.assertions = new Assertions(document, exprs, forms, this, budget);
  }

  Forms forms() {
    return forms;
  }

  /**
   * What an expression comes to.
   *
   * @throws GrammarException where it can't be enforced, or refers to itself without a value
   *     between
   */
  Form form(Expr expr) {
    Form form = known.get(expr);
    if (form != null) {
      return form;
    }
    if (!inProgress.add(expr)) {
      throw budget.refusal(Kind.REFERENCE, "the reference leads back to itself");
    }
    budget.atMost(budget.limits().sourceDepth() * 8L, inProgress.size(), "nested references");
    try {
      form =
          switch (expr) {
            case Expr.Any _ -> forms.any;
            case Expr.None _ -> forms.none;
            case Expr.Schema schema -> expand(schema.node);
            case Expr.Value value -> values.of(List.of(value.json));
            case Expr.Both both -> {
              Form all = forms.any;
              for (Expr part : both.parts) {
                all = forms.and(all, form(part));
              }
              yield all;
            }
            case Expr.Except except -> forms.not(form(except.part));
          };
    } finally {
      inProgress.remove(expr);
    }
    known.put(expr, form);
    return form;
  }

  private Form expand(SchemaNode node) {
    JsonNode reference = node.get("$ref");
    if (reference != null && node.draft7()) {
      return form(referenced(node, reference));
    }
    Keywords.check(node, budget);
    Form form = assertions.of(node);
    if (reference != null) {
      form = forms.and(form, form(referenced(node, reference)));
    }
    JsonNode constant = node.get("const");
    if (constant != null) {
      budget.at("const", node.pointer());
      form = forms.and(form, values.of(List.of(constant)));
    }
    JsonNode enumeration = node.get("enum");
    if (enumeration != null) {
      budget.at("enum", node.pointer());
      if (!enumeration.isArray()) {
        throw budget.refusal(Kind.MALFORMED, "is not an array");
      }
      budget.atMost(budget.limits().enumValues(), enumeration.size(), "values");
      form = forms.and(form, values.of(enumeration));
    }
    return applicators(node, form);
  }

  private Expr referenced(SchemaNode node, JsonNode reference) {
    budget.at("$ref", node.pointer());
    if (!reference.isString()) {
      throw budget.refusal(Kind.MALFORMED, "is not a string");
    }
    return exprs.schema(document.resolve(node, reference.stringValue()));
  }

  private Form applicators(SchemaNode node, Form assertion) {
    Form form = assertion;
    for (Expr part : schemas(node, "allOf")) {
      Form other = form(part);
      budget.at("allOf", node.pointer());
      form = forms.and(form, other);
    }
    if (node.json().has("anyOf")) {
      Form any = forms.none;
      for (Expr part : schemas(node, "anyOf")) {
        Form other = form(part);
        budget.at("anyOf", node.pointer());
        any = forms.or(any, other);
      }
      form = forms.and(form, any);
    }
    if (node.json().has("oneOf")) {
      form = oneOf(node, form);
    }
    JsonNode not = node.get("not");
    if (not != null) {
      Form excluded = form(exprs.schema(document.child(node, not, "not")));
      budget.at("not", node.pointer());
      form = forms.and(form, forms.not(excluded));
    }
    return dependencies(node, conditional(node, form));
  }

  private List<Expr> schemas(SchemaNode node, String keyword) {
    JsonNode list = node.get(keyword);
    if (list == null) {
      return List.of();
    }
    budget.at(keyword, node.pointer());
    if (!list.isArray() || list.isEmpty()) {
      throw budget.refusal(Kind.MALFORMED, "is not an array of schemas");
    }
    List<Expr> parts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      parts.add(exprs.schema(document.child(node, list.get(i), keyword, Integer.toString(i))));
    }
    return parts;
  }

  /** Exactly one: each branch, without what other branches that overlap with it allow. */
  private Form oneOf(SchemaNode node, Form form) {
    List<Form> branches = new ArrayList<>();
    for (Expr part : schemas(node, "oneOf")) {
      branches.add(form(part));
    }
    budget.at("oneOf", node.pointer());
    Form one = forms.none;
    for (int i = 0; i < branches.size(); i++) {
      Form only = forms.and(form, branches.get(i));
      for (int j = 0; j < branches.size(); j++) {
        if (j != i && !isEmpty(forms.and(only, branches.get(j)), PROBE_DEPTH)) {
          budget.at("oneOf", node.pointer());
          only = forms.and(only, forms.not(branches.get(j)));
        }
      }
      one = forms.or(one, only);
    }
    return one;
  }

  private Form conditional(SchemaNode node, Form form) {
    JsonNode condition = node.get("if");
    JsonNode then = node.get("then");
    JsonNode otherwise = node.get("else");
    if (condition == null || (then == null && otherwise == null)) {
      return form;
    }
    Form holds = form(exprs.schema(document.child(node, condition, "if")));
    Form yes = then == null ? forms.any : form(exprs.schema(document.child(node, then, "then")));
    Form no =
        otherwise == null ? forms.any : form(exprs.schema(document.child(node, otherwise, "else")));
    budget.at("if", node.pointer());
    Form first = forms.and(forms.and(form, holds), yes);
    Form second = forms.and(forms.and(form, forms.not(holds)), no);
    return forms.or(first, second);
  }

  private Form dependencies(SchemaNode node, Form form) {
    Form all = form;
    for (String keyword : List.of("dependentRequired", "dependentSchemas", "dependencies")) {
      JsonNode map = node.get(keyword);
      if (map == null) {
        continue;
      }
      budget.at(keyword, node.pointer());
      if (!map.isObject()) {
        throw budget.refusal(Kind.MALFORMED, "is not an object");
      }
      for (Map.Entry<String, JsonNode> entry : map.properties()) {
        Form implied = implied(node, keyword, entry.getKey(), entry.getValue());
        budget.at(keyword, node.pointer());
        all = forms.and(all, implied);
      }
    }
    return all;
  }

  /** Objects without the property, and all that satisfy what the property asks for. */
  private Form implied(SchemaNode node, String keyword, String name, JsonNode value) {
    Form present = assertions.objects(Map.of(), Set.of(name));
    Form wanted;
    if (value.isArray() && !keyword.equals("dependentSchemas")) {
      Set<String> names = new HashSet<>(Set.of(name));
      for (JsonNode other : value) {
        if (!other.isString()) {
          throw budget.refusal(Kind.MALFORMED, "is not a list of names");
        }
        names.add(other.stringValue());
      }
      wanted = assertions.objects(Map.of(), names);
    } else {
      wanted = forms.and(present, form(exprs.schema(document.child(node, value, keyword, name))));
    }
    Form absent = assertions.objects(Map.of(name, exprs.none), Set.of());
    // What isn't an object is free of it all.
    Form others = new Form(7, NumberSet.ALL, StringSet.ALL, forms.any.arrays(), List.of());
    Form objects =
        new Form(
            0,
            forms.none.numbers(),
            forms.none.strings(),
            List.of(),
            forms.or(onlyObjects(absent), onlyObjects(wanted)).objects());
    return forms.or(others, objects);
  }

  private Form onlyObjects(Form form) {
    return new Form(0, forms.none.numbers(), forms.none.strings(), List.of(), form.objects());
  }

  /** Whether it is sure that nothing is of the form; looks no deeper than {@code depth} values. */
  private boolean isEmpty(Form form, int depth) {
    if (form.literals() != 0 || !form.numbers().isEmpty() || !form.strings().isEmpty(budget)) {
      return false;
    }
    for (ArrayShape shape : form.arrays()) {
      if (!lacksItem(shape, depth)) {
        return false;
      }
    }
    for (ObjectShape shape : form.objects()) {
      if (!lacksProperty(shape, depth)) {
        return false;
      }
    }
    return true;
  }

  private boolean lacksItem(ArrayShape shape, int depth) {
    for (int i = 0; i < shape.min() && i <= shape.prefix().size(); i++) {
      if (isEmpty(shape.item(i), depth - 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean lacksProperty(ObjectShape shape, int depth) {
    for (String name : shape.required()) {
      if (isEmpty(forms.value(shape, name), depth - 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean isEmpty(Expr expr, int depth) {
    if (depth == 0 || dependsOnProgress(expr)) {
      return false;
    }
    Form form = probe(expr);
    return form != null && isEmpty(form, depth);
  }

  private boolean dependsOnProgress(Expr expr) {
    return inProgress.contains(expr)
        || (expr instanceof Expr.Both both && both.parts.stream().anyMatch(this::dependsOnProgress))
        || (expr instanceof Expr.Except except && dependsOnProgress(except.part));
  }

  /** The form, or null where it is part of what is being worked out or can't be enforced. */
  private @Nullable Form probe(Expr expr) {
    try {
      return form(expr);
    } catch (GrammarException e) {
      return switch (e.kind()) {
        case TOO_LARGE, TOO_SLOW -> throw e;
        case MALFORMED, UNSUPPORTED, UNSATISFIABLE, REMOTE_REFERENCE, REFERENCE, VOCABULARY -> null;
      };
    }
  }

  /** The strings of a schema for names. */
  Dfa names(Expr expr) {
    return form(expr).strings().spelled(budget);
  }
}
