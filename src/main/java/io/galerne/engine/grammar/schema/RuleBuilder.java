package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.DfaBuilder;
import io.galerne.engine.grammar.automaton.Escapes;
import io.galerne.engine.grammar.automaton.Languages;
import io.galerne.engine.grammar.automaton.Numbers;
import io.galerne.engine.grammar.automaton.Strings;
import io.galerne.engine.grammar.automaton.Terminal;
import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes the rules of all values that a schema leads to. */
final class RuleBuilder {
  /** Bytes of a number that is asked nothing of. */
  private static final int LONGEST_NUMBER = 40;

  /** As many digits as every reader keeps, even one that reads all numbers as doubles. */
  private static final int LONGEST_EXACT = 15;

  private static final Dfa ANY_STRING = Strings.any(Escapes.EVERY);
  private static final Terminal ANY_TEXT = Terminal.text(ANY_STRING, 0, Strings.UNBOUNDED);
  private static final Terminal ANY_NUMBER = Terminal.bounded(Numbers.json(), LONGEST_NUMBER);
  private static final List<String> LITERALS = List.of("null", "true", "false");

  /** By the bits of a form: the automaton of those literals. */
  private static final List<Terminal> ANY_LITERALS =
      IntStream.range(0, 8)
          .mapToObj(
              bits ->
                  IntStream.range(0, 3)
                      .filter(i -> ((bits >> i) & 1) != 0)
                      .mapToObj(LITERALS::get)
                      .toList())
          .map(words -> Terminal.of(Strings.plainTexts(words, Budget.unlimited())))
          .toList();

  private final Exprs exprs;
  private final Expander expander;
  private final Budget budget;
  private final IdentityHashMap<Expr, ValueRule> rules = new IdentityHashMap<>();
  private final Queue<Expr> waiting = new ArrayDeque<>();
  private final List<ValueRule> all = new ArrayList<>();

  RuleBuilder(Exprs exprs, Expander expander, Budget budget) {
    this.exprs = exprs;
    this.expander = expander;
    this.budget = budget;
  }

  /**
   * The rule of an expression's values.
   *
   * @throws io.galerne.engine.grammar.bounds.GrammarException where there are none
   */
  ValueRule build(Expr root) {
    ValueRule rule = rule(root);
    while (!waiting.isEmpty()) {
      Expr expr = waiting.remove();
      fill(rule(expr), expander.form(expr));
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (ValueRule one : all.reversed()) {
        budget.spend(1 + one.arrays().size() + 4L * one.objects().size());
        changed |= one.settle();
      }
    }
    for (ValueRule one : all) {
      one.objects().forEach(ObjectRule::finish);
    }
    budget.at("", "");
    if (rule.height() >= ValueRule.IMPOSSIBLE) {
      throw budget.refusal(Kind.UNSATISFIABLE, "no value satisfies the schema");
    }
    budget.atMost(budget.limits().documentDepth(), rule.height(), "nested values at least");
    return rule;
  }

  private ValueRule rule(Expr expr) {
    ValueRule known = rules.get(expr);
    if (known != null) {
      return known;
    }
    budget.atMost(budget.limits().nodes(), all.size() + 1L, "kinds of values");
    ValueRule rule = new ValueRule(all.size());
    rules.put(expr, rule);
    all.add(rule);
    waiting.add(expr);
    return rule;
  }

  private void fill(ValueRule rule, Form form) {
    rule.scalars(literals(form.literals()), numbers(form.numbers()), strings(form.strings()));
    List<ArrayRule> arrays = form.arrays().stream().map(this::array).toList();
    List<ObjectRule> objects = form.objects().stream().map(this::object).toList();
    rule.containers(arrays, objects);
  }

  private @Nullable Terminal literals(int literals) {
    return literals == 0 ? null : ANY_LITERALS.get(literals);
  }

  /** A set of integers alone is proposed without fractions; {@code 1.0} is one all the same. */
  private @Nullable Terminal numbers(NumberSet set) {
    Dfa plain = set.plain();
    if (plain == null) {
      return ANY_NUMBER;
    }
    if (plain.isEmpty()) {
      return null;
    }
    int longest = Math.max(LONGEST_EXACT, plain.distances()[0] + 2);
    if (Languages.difference(plain, Numbers.integers(), budget).isEmpty()) {
      Dfa spelled = Languages.preferring(plain, Numbers.integerSpelling(), budget);
      return Terminal.boundedPreferring(spelled, longest);
    }
    return Terminal.bounded(plain, longest);
  }

  private @Nullable Terminal strings(StringSet set) {
    if (set.isAll()) {
      return ANY_TEXT;
    }
    if (set.isLength()) {
      return Terminal.text(ANY_STRING, set.min(), set.max());
    }
    Dfa spelled = set.spelled(budget);
    return spelled.isEmpty() ? null : Terminal.of(spelled);
  }

  private ArrayRule array(ArrayShape shape) {
    List<ValueRule> items = new ArrayList<>();
    List<ValueRule> contained = new ArrayList<>();
    for (int i = 0; i <= shape.prefix().size(); i++) {
      items.add(rule(shape.item(i)));
      contained.add(
          shape.least() == 0
              ? items.getLast()
              : rule(exprs.both(shape.item(i), shape.contained())));
    }
    return new ArrayRule(items, contained, shape.min(), shape.max(), shape.least());
  }

  private ObjectRule object(ObjectShape shape) {
    List<String> names = List.copyOf(shape.named().keySet());
    List<ValueRule> values = new ArrayList<>();
    boolean[] required = new boolean[names.size()];
    for (int i = 0; i < required.length; i++) {
      values.add(rule(shape.named().getOrDefault(names.get(i), exprs.none)));
      required[i] = shape.required().contains(names.get(i));
    }
    Dfa keys = keys(shape, names, values);
    KeyTable table = new KeyTable(keys, values.size(), required.length);
    budget.spend((long) keys.states() * (1 + values.size() / 64));
    return new ObjectRule(
        table, values, required, shape.min(), shape.max(), !shape.others().isEmpty());
  }

  /** States of the names, of all patterns and of the names that are allowed, one after another. */
  private Dfa keys(ObjectShape shape, List<String> names, List<ValueRule> values) {
    List<ObjectShape.Pattern> patterns =
        shape.others().stream().flatMap(o -> o.patterns().stream()).distinct().toList();
    List<Dfa> parts = new ArrayList<>();
    parts.add(Strings.texts(names, Escapes.NEEDED, budget));
    parts.add(Strings.any(Escapes.NEEDED));
    Dfa allowed = shape.names();
    boolean restricted = allowed != null;
    if (allowed != null) {
      parts.add(allowed);
    }
    patterns.forEach(pattern -> parts.add(pattern.names()));
    boolean closed =
        shape.others().stream()
            .anyMatch(o -> o.patterns().isEmpty() && o.unmatched() == exprs.none);
    Map<List<Integer>, Integer> classes = new HashMap<>();
    int patternsFrom = restricted ? 3 : 2;
    List<Integer> start = parts.stream().map(dfa -> dfa.isEmpty() ? Dfa.DEAD : 0).toList();
    return DfaBuilder.explore(
        DfaBuilder.commonAlphabet(parts),
        start,
        (List<Integer> state, int value) -> step(parts, state, value, closed, restricted),
        state -> label(shape, parts, state, patterns, patternsFrom, classes, values),
        budget);
  }

  private static @Nullable List<Integer> step(
      List<Dfa> parts, List<Integer> state, int value, boolean closed, boolean restricted) {
    Integer[] next = new Integer[parts.size()];
    for (int i = 0; i < next.length; i++) {
      int before = state.get(i);
      next[i] = before == Dfa.DEAD ? Dfa.DEAD : parts.get(i).step(before, value);
    }
    boolean named = next[0] != Dfa.DEAD;
    boolean other = !closed && next[1] != Dfa.DEAD && !(restricted && next[2] == Dfa.DEAD);
    return named || other ? Arrays.asList(next) : null;
  }

  private int label(
      ObjectShape shape,
      List<Dfa> parts,
      List<Integer> state,
      List<ObjectShape.Pattern> patterns,
      int patternsFrom,
      Map<List<Integer>, Integer> classes,
      List<ValueRule> values) {
    boolean[] accepted = new boolean[parts.size()];
    for (int i = 0; i < accepted.length; i++) {
      accepted[i] = state.get(i) != Dfa.DEAD && parts.get(i).accepts(state.get(i));
    }
    if (accepted[0]) {
      return parts.getFirst().label(state.getFirst());
    }
    if (!accepted[1] || (patternsFrom == 3 && !accepted[2])) {
      return Dfa.REJECT;
    }
    List<Integer> matched = new ArrayList<>();
    Map<ObjectShape.Pattern, Boolean> matches = new LinkedHashMap<>();
    for (int i = 0; i < patterns.size(); i++) {
      matches.put(patterns.get(i), accepted[patternsFrom + i]);
      if (accepted[patternsFrom + i]) {
        matched.add(i);
      }
    }
    Integer known = classes.get(matched);
    if (known != null) {
      return known;
    }
    Expr value = exprs.any;
    for (ObjectShape.Others others : shape.others()) {
      List<Expr> all =
          others.patterns().stream().filter(matches::get).map(ObjectShape.Pattern::value).toList();
      value = exprs.both(value, all.isEmpty() ? others.unmatched() : exprs.all(all));
    }
    int label = value == exprs.none ? Dfa.REJECT : values.size();
    if (value != exprs.none) {
      budget.atMost(2L * budget.limits().properties(), values.size(), "kinds of properties");
      values.add(rule(value));
    }
    classes.put(matched, label);
    return label;
  }
}
