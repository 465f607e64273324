package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.limits.Decision;
import io.galerne.limits.RateState;
import io.galerne.limits.Scope;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;

/** Why a request may not run is told so that a program can tell it, too. */
class LimitRefusalsTests {
  private static final Duration WAIT = Duration.ofMillis(1_001);
  private static final List<Decision.Denied> DENIALS =
      List.of(
          new Decision.RateLimited(
              Scope.KEY, Decision.Unit.REQUESTS, "", 2.5, RateState.NONE, WAIT),
          new Decision.QuotaReached(Scope.WORKSPACE, "open-mistral-7b", 10, WAIT),
          new Decision.CapReached(Scope.ORGANISATION, 2_000_000, 1_999_999, WAIT),
          new Decision.CapReserved(Scope.KEY, 2_000_000, WAIT),
          new Decision.Unavailable(WAIT));

  private static ErrorEnvelope envelope(ResponseEntity<Object> response) {
    return (ErrorEnvelope) Objects.requireNonNull(response.getBody());
  }

  @Test
  void eachKindIsItsOwnOnTheWire() {
    Set<String> types = new HashSet<>();
    for (Decision.Denied denied : DENIALS) {
      types.add(envelope(LimitRefusals.of(denied).response()).type());
    }
    assertThat(types).hasSize(DENIALS.size()).doesNotContain("capacity_exceeded");
    assertThat(DENIALS.stream().map(denied -> status(denied).value()))
        .containsExactly(429, 402, 402, 429, 503);
  }

  private static HttpStatusCode status(Decision.Denied denied) {
    return LimitRefusals.of(denied).response().getStatusCode();
  }

  @Test
  void whatIsHitIsNamedWithItsFigure() {
    assertThat(DENIALS.stream().map(denied -> envelope(LimitRefusals.of(denied).response())))
        .extracting(ErrorEnvelope::message)
        .satisfiesExactly(
            rate -> assertThat(rate).contains("2.5 requests per second", "key", "1.001 s"),
            quota -> assertThat(quota).contains("10 tokens", "open-mistral-7b", "workspace"),
            cap -> assertThat(cap).contains("1.999999 of 2.000000", "organisation"),
            reserved -> assertThat(reserved).contains("2.000000", "key"),
            unavailable -> assertThat(unavailable).doesNotContain("limit of"));
  }

  /** Whole seconds are rounded up, so that who waits them is not too early. */
  @Test
  void whenToComeBackIsNeverTooEarly() {
    for (Decision.Denied denied : DENIALS) {
      HttpHeaders headers = LimitRefusals.of(denied).response().getHeaders();
      assertThat(headers.getFirst("Retry-After")).isEqualTo("2");
      assertThat(headers.getFirst("retry-after-ms")).isEqualTo("1001");
    }
  }
}
