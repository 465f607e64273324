package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which keywords are refused. Words that no specification knows are annotations. */
final class Keywords {
  private static final Map<String, String> REFUSED =
      Map.of(
          "$dynamicRef", "dynamic references aren't followed",
          "$recursiveRef", "recursive references aren't followed");

  /** What may decide which properties and items are evaluated. */
  private static final Set<String> APPLICATORS =
      Set.of(
          "$ref",
          "allOf",
          "anyOf",
          "oneOf",
          "if",
          "then",
          "else",
          "dependentSchemas",
          "dependencies",
          "contains",
          "not");

  private Keywords() {}

  static void check(SchemaNode node, Budget budget) {
    for (Map.Entry<String, String> refused : REFUSED.entrySet()) {
      if (node.json().has(refused.getKey())) {
        budget.at(refused.getKey(), node.pointer());
        throw budget.refusal(Kind.UNSUPPORTED, refused.getValue());
      }
    }
    Map<String, String> evaluators =
        Map.of("unevaluatedProperties", "additionalProperties", "unevaluatedItems", "items");
    for (Map.Entry<String, String> evaluator : evaluators.entrySet()) {
      String keyword = evaluator.getKey();
      JsonNode value = node.get(keyword);
      boolean trivial =
          value == null
              || (value.isBoolean() && value.booleanValue())
              || isEmptySchema(value)
              || node.json().has(evaluator.getValue());
      if (!trivial && !node.draft7() && APPLICATORS.stream().anyMatch(node.json()::has)) {
        budget.at(keyword, node.pointer());
        throw budget.refusal(
            Kind.UNSUPPORTED, "isn't supported beside keywords that apply other schemas");
      }
    }
    JsonNode unique = node.get("uniqueItems");
    if (unique != null && unique.booleanValue(false)) {
      JsonNode max = node.get("maxItems");
      if (max == null
          || !max.isNumber()
          || max.decimalValue().compareTo(java.math.BigDecimal.ONE) > 0) {
        budget.at("uniqueItems", node.pointer());
        throw budget.refusal(Kind.UNSUPPORTED, "is supported with 'maxItems' of at most 1 only");
      }
    }
  }

  private static boolean isEmptySchema(JsonNode value) {
    return value.isObject() && value.isEmpty();
  }
}
