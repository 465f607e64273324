package io.galerne.api;

import io.galerne.limits.Decision;
import io.galerne.limits.RateState;
import io.galerne.limits.RateState.Rate;
import io.galerne.serving.Admission;
import io.galerne.serving.Completion;
import io.galerne.serving.EmbeddingOutcome;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** Tells clients what is left of their rates. A rate that isn't limited has no headers. */
final class RateHeaders {
  private static final String PREFIX = "x-ratelimit-";

  private RateHeaders() {}

  /** An admitted request says how the rates stand, and so does one that a rate refused. */
  static Admission announce(Admission admission, HttpServletResponse response) {
    switch (admission) {
      case Admission.Admitted(Completion completion) -> set(completion.rates(), response);
      case Admission.Limited(Decision.Denied denied) -> set(Decision.rates(denied), response);
      case Admission.Refused _ -> {}
    }
    return admission;
  }

  static EmbeddingOutcome announce(EmbeddingOutcome outcome, HttpServletResponse response) {
    switch (outcome) {
      case EmbeddingOutcome.Embedded embedded -> set(embedded.rates(), response);
      case EmbeddingOutcome.Limited(Decision.Denied denied) ->
          set(Decision.rates(denied), response);
      case EmbeddingOutcome.Refused _, EmbeddingOutcome.Failed _ -> {}
    }
    return outcome;
  }

  private static void set(@Nullable RateState state, HttpServletResponse response) {
    if (state == null) {
      return;
    }
    Rate requests = state.requests();
    if (requests != null) {
      set(response, "limit-req-minute", requests.perMinute());
      set(response, "remaining-req-minute", requests.remaining());
    }
    Rate tokens = state.tokens();
    if (tokens != null) {
      set(response, "limit-tokens-minute", tokens.perMinute());
      set(response, "remaining-tokens-minute", tokens.remaining());
      set(response, "tokens-query-cost", state.queryTokens());
    }
  }

  private static void set(HttpServletResponse response, String name, long value) {
    response.setHeader(PREFIX + name, Long.toString(value));
  }
}
