package io.galerne.api;

import io.galerne.serving.GuardrailRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads what a chat request itself asks for in {@code guardrails}. */
final class GuardrailsReader {
  private static final int GUARDRAILS_MAX = 10;
  private static final int THRESHOLDS_MAX = 100;
  private static final List<String> ACTIONS = List.of("none", "block");
  private static final List<String> CLASSIFIERS = List.of("moderation_llm_v1", "moderation_llm_v2");
  private static final List<String> MODELS =
      List.of("mistral-moderation-2411", "mistral-moderation-2603");
  private static final Set<String> FIELDS =
      Set.of("block_on_error", "moderation_llm_v1", "moderation_llm_v2");

  private GuardrailsReader() {}

  /**
   * @throws ApiException 422 if they have the wrong shape
   */
  static List<GuardrailRequest> read(JsonNode body) {
    FieldErrors errors = new FieldErrors();
    List<GuardrailRequest> guardrails = new ArrayList<>();
    ObjectReader fields = ObjectReader.of(body, List.of("body"), errors);
    JsonNode value = fields == null ? null : fields.value("guardrails");
    if (fields != null && value != null && fields.isList("guardrails", value, GUARDRAILS_MAX)) {
      for (int i = 0; i < value.size(); i++) {
        ObjectReader one = ObjectReader.of(value.get(i), fields.loc("guardrails", i), errors);
        if (one != null) {
          one.refuseOthers(FIELDS);
          boolean blockOnError = one.flag("block_on_error");
          for (String classifier : CLASSIFIERS) {
            add(guardrails, one, classifier, blockOnError);
          }
        }
      }
    }
    errors.throwIfAny();
    return guardrails;
  }

  /** What the document says of them. */
  static Shape shape() {
    Shape classifier =
        Shape.object(false)
            .optional("model_name", Shape.text())
            .optional(
                "custom_category_thresholds",
                Shape.map(THRESHOLDS_MAX, "[\\s\\S]*", Shape.numberOrNull(0, 1)))
            .optional("ignore_other_categories", Shape.flag())
            .optional("action", Shape.oneOf(ACTIONS));
    Shape guardrail =
        Shape.object(true)
            .optional(
                "block_on_error",
                Shape.flag().describe("Whether the request is refused if the classifier fails"));
    CLASSIFIERS.forEach(name -> guardrail.optional(name, classifier));
    return Shape.list(guardrail, 0, GUARDRAILS_MAX);
  }

  private static void add(
      List<GuardrailRequest> guardrails, ObjectReader one, String name, boolean blockOnError) {
    if (one.value(name) == null) {
      return;
    }
    ObjectReader classifier = one.requiredObject(name);
    if (classifier == null) {
      return;
    }
    String model = classifier.text("model_name");
    String action = classifier.oneOf("action", ACTIONS);
    boolean onlyThese = classifier.flag("ignore_other_categories");
    Map<String, Double> thresholds = new HashMap<>();
    JsonNode own = classifier.value("custom_category_thresholds");
    if (own != null && own.size() > THRESHOLDS_MAX) {
      classifier
          .errors()
          .add(
              "too_long",
              classifier.loc("custom_category_thresholds"),
              "Dictionary should have at most " + THRESHOLDS_MAX + " items",
              null);
    } else if (own != null) {
      ObjectReader categories =
          ObjectReader.of(own, classifier.loc("custom_category_thresholds"), classifier.errors());
      for (String category : own.propertyNames()) {
        Double threshold = categories == null ? null : categories.number(category, 0, false, 1);
        if (threshold != null) {
          thresholds.put(category, threshold);
        }
      }
    }
    guardrails.add(
        new GuardrailRequest(
            name,
            model == null ? MODELS.get(CLASSIFIERS.indexOf(name)) : model,
            thresholds,
            onlyThese,
            "block".equals(action),
            blockOnError));
  }
}
