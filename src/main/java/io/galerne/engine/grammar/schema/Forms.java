package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Languages;
import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The algebra of sets of values: and, or, and not where a grammar can say it. */
final class Forms {
  final ArrayShape anyArray;
  final ObjectShape anyObject;
  final Form any;
  final Form none;

  private final Exprs exprs;
  private final Budget budget;

  Forms(Exprs exprs, Budget budget) {
    this.exprs = exprs;
    this.budget = budget;
    this.anyArray = new ArrayShape(List.of(), exprs.any, 0, ArrayShape.UNBOUNDED, exprs.any, 0);
    this.anyObject = new ObjectShape(Map.of(), List.of(), Set.of(), 0, ArrayShape.UNBOUNDED, null);
    this.any = new Form(7, NumberSet.ALL, StringSet.ALL, List.of(anyArray), List.of(anyObject));
    this.none = new Form(0, NumberSet.none(budget), StringSet.none(budget), List.of(), List.of());
  }

  Form and(Form a, Form b) {
    if (a.equals(any) || b.equals(any)) {
      return a.equals(any) ? b : a;
    }
    Set<ArrayShape> arrays = new LinkedHashSet<>();
    for (ArrayShape left : a.arrays()) {
      for (ArrayShape right : b.arrays()) {
        ArrayShape both = and(left, right);
        if (both != null) {
          arrays.add(both);
        }
      }
    }
    Set<ObjectShape> objects = new LinkedHashSet<>();
    for (ObjectShape left : a.objects()) {
      for (ObjectShape right : b.objects()) {
        ObjectShape both = and(left, right);
        if (both != null) {
          objects.add(both);
          budget.atMost(budget.limits().alternatives(), objects.size(), "alternatives");
        }
      }
    }
    budget.atMost(budget.limits().alternatives(), arrays.size(), "alternatives");
    return new Form(
        a.literals() & b.literals(),
        a.numbers().and(b.numbers(), budget),
        a.strings().and(b.strings(), budget),
        List.copyOf(arrays),
        List.copyOf(objects));
  }

  Form or(Form a, Form b) {
    if (a.equals(none) || b.equals(none)) {
      return a.equals(none) ? b : a;
    }
    Set<ArrayShape> arrays = new LinkedHashSet<>(a.arrays());
    arrays.addAll(b.arrays());
    Set<ObjectShape> objects = new LinkedHashSet<>(a.objects());
    objects.addAll(b.objects());
    budget.atMost(
        budget.limits().alternatives(), Math.max(arrays.size(), objects.size()), "alternatives");
    return new Form(
        a.literals() | b.literals(),
        a.numbers().or(b.numbers(), budget),
        a.strings().or(b.strings(), budget),
        arrays.contains(anyArray) ? List.of(anyArray) : List.copyOf(arrays),
        objects.contains(anyObject) ? List.of(anyObject) : List.copyOf(objects));
  }

  Form not(Form form) {
    List<ArrayShape> arrays = List.of(anyArray);
    for (ArrayShape shape : form.arrays()) {
      arrays = and(any, arrays, not(shape)).arrays();
    }
    List<ObjectShape> objects = List.of(anyObject);
    for (ObjectShape shape : form.objects()) {
      List<ObjectShape> excluded = not(shape);
      Form all = new Form(0, none.numbers(), none.strings(), List.of(), objects);
      objects =
          and(all, new Form(0, none.numbers(), none.strings(), List.of(), excluded)).objects();
    }
    return new Form(
        7 & ~form.literals(),
        form.numbers().not(budget),
        form.strings().not(budget),
        arrays,
        objects);
  }

  private Form and(Form like, List<ArrayShape> a, List<ArrayShape> b) {
    return and(
        new Form(0, like.numbers(), like.strings(), a, List.of()),
        new Form(0, like.numbers(), like.strings(), b, List.of()));
  }

  private @Nullable ArrayShape and(ArrayShape a, ArrayShape b) {
    if (a.equals(anyArray) || b.equals(anyArray)) {
      return a.equals(anyArray) ? b : a;
    }
    int size = Math.max(a.prefix().size(), b.prefix().size());
    budget.spend(8 + size);
    List<Expr> prefix = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      prefix.add(exprs.both(a.item(i), b.item(i)));
    }
    boolean both = a.least() > 0 && b.least() > 0;
    if (both && (a.contained() != b.contained())) {
      throw budget.refusal(Kind.UNSUPPORTED, "two different 'contains' of one array");
    }
    ArrayShape shape =
        new ArrayShape(
            prefix,
            exprs.both(a.rest(), b.rest()),
            /* min= */ Math.max(a.min(), b.min()),
            /* max= */ Math.min(a.max(), b.max()),
            a.least() > 0 ? a.contained() : b.contained(),
            Math.max(a.least(), b.least()));
    return normal(shape);
  }

  /** The shape with its impossible items left out, null where nothing remains. */
  @Nullable ArrayShape normal(ArrayShape shape) {
    int max = shape.max();
    for (int i = 0; i <= shape.prefix().size(); i++) {
      if (shape.item(i) == exprs.none) {
        max = Math.min(max, i);
        break;
      }
    }
    List<Expr> prefix =
        shape.prefix().size() > max ? shape.prefix().subList(0, max) : shape.prefix();
    if (shape.min() > max || shape.least() > max) {
      return null;
    }
    return new ArrayShape(
        List.copyOf(prefix), shape.rest(), shape.min(), max, shape.contained(), shape.least());
  }

  /** What a property of a shape may be. */
  Expr value(ObjectShape shape, String name) {
    Expr named = shape.named().get(name);
    if (named != null) {
      return named;
    }
    byte[] quoted = JsonText.quote(name);
    Dfa names = shape.names();
    if (names != null && names.match(quoted) == Dfa.REJECT) {
      return exprs.none;
    }
    List<Expr> all = new ArrayList<>();
    for (ObjectShape.Others others : shape.others()) {
      all.add(value(others, quoted));
    }
    return exprs.all(all);
  }

  private Expr value(ObjectShape.Others others, byte[] quotedName) {
    List<Expr> matched = new ArrayList<>();
    for (ObjectShape.Pattern pattern : others.patterns()) {
      budget.spend(quotedName.length);
      if (pattern.names().match(quotedName) != Dfa.REJECT) {
        matched.add(pattern.value());
      }
    }
    return matched.isEmpty() ? others.unmatched() : exprs.all(matched);
  }

  private @Nullable ObjectShape and(ObjectShape a, ObjectShape b) {
    if (a.equals(anyObject) || b.equals(anyObject)) {
      return a.equals(anyObject) ? b : a;
    }
    Set<String> names = new LinkedHashSet<>(a.named().keySet());
    names.addAll(b.named().keySet());
    budget.spend(16 + 4L * names.size());
    budget.atMost(budget.limits().properties(), names.size(), "properties");
    Map<String, Expr> named = new LinkedHashMap<>();
    for (String name : names) {
      named.put(name, exprs.both(value(a, name), value(b, name)));
    }
    Set<ObjectShape.Others> others = new LinkedHashSet<>(a.others());
    others.addAll(b.others());
    Set<String> required = new LinkedHashSet<>(a.required());
    required.addAll(b.required());
    Dfa left = a.names();
    Dfa right = b.names();
    Dfa both =
        left == null || right == null
            ? left == null ? right : left
            : left == right ? left : Languages.intersection(left, right, budget);
    return normal(
        new ObjectShape(
            named,
            List.copyOf(others),
            required,
            /* min= */ Math.max(a.min(), b.min()),
            /* max= */ Math.min(a.max(), b.max()),
            both));
  }

  /** The shape with its required properties named, null where one of them can't be. */
  @Nullable ObjectShape normal(ObjectShape shape) {
    Map<String, Expr> named = new LinkedHashMap<>(shape.named());
    for (String name : shape.required()) {
      Expr value = value(shape, name);
      if (value == exprs.none) {
        return null;
      }
      named.put(name, value);
    }
    budget.atMost(budget.limits().properties(), named.size(), "properties");
    int min = Math.max(shape.min(), shape.required().size());
    boolean closed = shape.others().stream().anyMatch(this::allowsNothing);
    long possible = named.values().stream().filter(value -> value != exprs.none).count();
    if (min > shape.max() || (closed && possible < min)) {
      return null;
    }
    List<ObjectShape.Others> others = shape.others().stream().filter(o -> !isTrivial(o)).toList();
    return new ObjectShape(
        named, others, Set.copyOf(shape.required()), shape.min(), shape.max(), shape.names());
  }

  private boolean allowsNothing(ObjectShape.Others others) {
    return others.patterns().isEmpty() && others.unmatched() == exprs.none;
  }

  private boolean isTrivial(ObjectShape.Others others) {
    return others.unmatched() == exprs.any
        && others.patterns().stream().allMatch(pattern -> pattern.value() == exprs.any);
  }

  /** The shapes of arrays that aren't of a shape. */
  private List<ArrayShape> not(ArrayShape shape) {
    List<ArrayShape> result = new ArrayList<>();
    if (shape.min() > 0) {
      result.add(array(List.of(), 0, shape.min() - 1));
    }
    if (shape.max() != ArrayShape.UNBOUNDED) {
      result.add(array(List.of(), shape.max() + 1, ArrayShape.UNBOUNDED));
    }
    List<Expr> before = new ArrayList<>();
    for (Expr item : shape.prefix()) {
      if (item != exprs.any) {
        List<Expr> prefix = new ArrayList<>(before);
        prefix.add(exprs.except(item));
        result.add(array(prefix, prefix.size(), ArrayShape.UNBOUNDED));
      }
      before.add(exprs.any);
    }
    if (shape.rest() != exprs.any && shape.rest() != exprs.none) {
      if (!shape.prefix().isEmpty()) {
        throw budget.refusal(Kind.UNSUPPORTED, "an item after the first ones can't be ruled out");
      }
      result.add(
          new ArrayShape(
              List.of(), exprs.any, 1, ArrayShape.UNBOUNDED, exprs.except(shape.rest()), 1));
    }
    if (shape.least() > 0) {
      if (shape.least() > 1) {
        throw budget.refusal(Kind.UNSUPPORTED, "'minContains' can't be ruled out");
      }
      result.add(
          new ArrayShape(
              List.of(), exprs.except(shape.contained()), 0, ArrayShape.UNBOUNDED, exprs.any, 0));
    }
    List<ArrayShape> possible = new ArrayList<>();
    for (ArrayShape one : result) {
      ArrayShape normal = normal(one);
      if (normal != null) {
        possible.add(normal);
      }
    }
    return possible;
  }

  private ArrayShape array(List<Expr> prefix, int min, int max) {
    return new ArrayShape(prefix, exprs.any, min, max, exprs.any, 0);
  }

  /** The shapes of objects that aren't of a shape. */
  private List<ObjectShape> not(ObjectShape shape) {
    if (shape.names() != null || !shape.others().isEmpty()) {
      throw budget.refusal(Kind.UNSUPPORTED, "properties that aren't named can't be ruled out");
    }
    List<ObjectShape> result = new ArrayList<>();
    for (String name : shape.required()) {
      result.add(object(Map.of(name, exprs.none), Set.of()));
    }
    for (Map.Entry<String, Expr> property : shape.named().entrySet()) {
      if (property.getValue() != exprs.any) {
        String name = property.getKey();
        Expr other = exprs.except(property.getValue());
        result.add(object(Map.of(name, other), Set.of(name)));
      }
    }
    if (shape.min() > 0) {
      result.add(new ObjectShape(Map.of(), List.of(), Set.of(), 0, shape.min() - 1, null));
    }
    if (shape.max() != ArrayShape.UNBOUNDED) {
      result.add(
          new ObjectShape(
              Map.of(), List.of(), Set.of(), shape.max() + 1, ArrayShape.UNBOUNDED, null));
    }
    Set<ObjectShape> possible = new LinkedHashSet<>();
    for (ObjectShape one : result) {
      ObjectShape normal = normal(one);
      if (normal != null) {
        possible.add(normal);
      }
    }
    return List.copyOf(possible);
  }

  private static ObjectShape object(Map<String, Expr> named, Set<String> required) {
    return new ObjectShape(named, List.of(), required, 0, ArrayShape.UNBOUNDED, null);
  }
}
