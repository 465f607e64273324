package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Escapes;
import io.galerne.engine.grammar.automaton.Languages;
import io.galerne.engine.grammar.automaton.Numbers;
import io.galerne.engine.grammar.automaton.Strings;
import io.galerne.engine.grammar.bounds.Budget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Sets of given values: {@code const} and {@code enum}. */
final class Values {
  private final Exprs exprs;
  private final Forms forms;
  private final Budget budget;

  Values(Exprs exprs, Forms forms, Budget budget) {
    this.exprs = exprs;
    this.forms = forms;
    this.budget = budget;
  }

  Form of(Iterable<JsonNode> values) {
    int literals = 0;
    Set<String> texts = new LinkedHashSet<>();
    List<Dfa> numbers = new ArrayList<>();
    Set<ArrayShape> arrays = new LinkedHashSet<>();
    Set<ObjectShape> objects = new LinkedHashSet<>();
    for (JsonNode value : values) {
      budget.spend(4);
      switch (value.getNodeType()) {
        case NULL -> literals |= Form.NULL;
        case BOOLEAN -> literals |= value.booleanValue() ? Form.TRUE : Form.FALSE;
        case STRING -> texts.add(value.stringValue());
        case NUMBER ->
            numbers.add(Numbers.comparing(value.decimalValue(), sign -> sign == 0, budget));
        case ARRAY -> arrays.add(array(value));
        case OBJECT -> objects.add(object(value));
        case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not JSON: " + value);
      }
    }
    budget.atMost(budget.limits().alternatives(), arrays.size() + objects.size(), "alternatives");
    return new Form(
        literals,
        numbers.isEmpty() ? forms.none.numbers() : new NumberSet(union(numbers)),
        texts.isEmpty()
            ? forms.none.strings()
            : StringSet.of(Strings.texts(List.copyOf(texts), Escapes.BEYOND_ASCII, budget), true),
        List.copyOf(arrays),
        List.copyOf(objects));
  }

  /** Halves are united first, so that no automaton is walked more than a few times. */
  private Dfa union(List<Dfa> automata) {
    int size = automata.size();
    return size == 1
        ? automata.getFirst()
        : Languages.union(
            union(automata.subList(0, size / 2)), union(automata.subList(size / 2, size)), budget);
  }

  private ArrayShape array(JsonNode value) {
    List<Expr> items = new ArrayList<>();
    for (JsonNode item : value) {
      items.add(exprs.value(item));
    }
    return new ArrayShape(items, exprs.none, items.size(), items.size(), exprs.any, 0);
  }

  private ObjectShape object(JsonNode value) {
    Map<String, Expr> named = new HashMap<>();
    for (Map.Entry<String, JsonNode> property : value.properties()) {
      named.put(property.getKey(), exprs.value(property.getValue()));
    }
    budget.atMost(budget.limits().properties(), named.size(), "properties");
    return new ObjectShape(
        named,
        List.of(new ObjectShape.Others(List.of(), exprs.none)),
        Set.copyOf(named.keySet()),
        0,
        ArrayShape.UNBOUNDED,
        null);
  }
}
