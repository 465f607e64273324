package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.serving.GuardrailReport;
import io.galerne.serving.GuardrailReport.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The contract's body of a request that a guardrail blocked. */
record GuardrailBody(Refusal error, Results guardrails) {
  private static final int FORBIDDEN = 403;
  private static final int BLOCKED_ON_ERROR = 3201;

  /** What clients show. */
  record Refusal(String message, int status) {}

  /** By the name of what judged. */
  record Results(Map<String, Result> results) {
    static Results of(GuardrailReport report) {
      return new Results(byName(report, Result::of));
    }
  }

  /** One classifier's or policy's verdict. */
  record Result(
      @JsonProperty("model_name") String modelName,
      Map<String, Decision> decisions,
      boolean violated,
      String action) {
    static Result of(GuardrailReport.Result result) {
      return new Result(result.model(), result.decisions(), result.violated(), result.action());
    }
  }

  /** The contract's other body: the classifier couldn't tell, and the request wants none then. */
  record Failed(
      String object,
      String message,
      String type,
      int code,
      List<Map<String, Evaluation>> guardrails) {}

  /** What a guardrail that let a request pass says in the answer. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Evaluation(
      String action, @Nullable Map<String, Category> categories, @Nullable Problem error) {
    static Evaluation of(GuardrailReport.Result result) {
      String error = result.error();
      if (error != null) {
        return new Evaluation(result.action(), null, new Problem(error));
      }
      Map<String, Category> categories = new LinkedHashMap<>();
      result
          .decisions()
          .forEach(
              (category, decision) ->
                  categories.put(category, new Category(decision.score(), decision.violated())));
      return new Evaluation(result.action(), categories, null);
    }
  }

  record Category(double score, boolean violated) {}

  record Problem(String message) {}

  /** The body of a refusal. */
  static Object of(GuardrailReport report) {
    return report.results().values().stream().anyMatch(result -> result.error() != null)
        ? new Failed(
            "Error",
            "Request blocked due to error in guardrail evaluation and block_on_error is set to"
                + " True.",
            ErrorEnvelope.INVALID_REQUEST,
            BLOCKED_ON_ERROR,
            List.of(byName(report, Evaluation::of)))
        : new GuardrailBody(
            new Refusal("Content blocked by guardrail", FORBIDDEN), Results.of(report));
  }

  /** What goes into an answer; null where the request asked for no guardrails. */
  static @Nullable List<Map<String, Evaluation>> evaluations(List<GuardrailReport> reports) {
    return reports.isEmpty()
        ? null
        : reports.stream().map(report -> byName(report, Evaluation::of)).toList();
  }

  private static <T> Map<String, T> byName(
      GuardrailReport report, Function<GuardrailReport.Result, T> body) {
    Map<String, T> named = new LinkedHashMap<>();
    report.results().forEach((name, result) -> named.put(name, body.apply(result)));
    return named;
  }
}
