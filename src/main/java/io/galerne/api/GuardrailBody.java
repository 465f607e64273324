package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.serving.GuardrailReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** The contract's body of a request that a guardrail blocked. */
record GuardrailBody(Refusal error, Results guardrails) {
  private static final int FORBIDDEN = 403;

  /** What clients show. */
  record Refusal(String message, int status) {}

  /** By the name of what judged. */
  record Results(Map<String, Result> results) {
    static Results of(GuardrailReport report) {
      Map<String, Result> results = new LinkedHashMap<>();
      report
          .results()
          .forEach(
              (name, result) ->
                  results.put(
                      name,
                      new Result(
                          result.model(), result.decisions(), result.violated(), result.action())));
      return new Results(results);
    }
  }

  /** One classifier's or policy's verdict. */
  record Result(
      @JsonProperty("model_name") String modelName,
      Map<String, GuardrailReport.Decision> decisions,
      boolean violated,
      String action) {}

  static GuardrailBody of(GuardrailReport report) {
    return new GuardrailBody(
        new Refusal("Content blocked by guardrail", FORBIDDEN), Results.of(report));
  }
}
