package io.galerne.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.identity.People.Reference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;

/** When a session is over, by a clock that is moved. */
class SessionsTests {
  private static final Duration IDLE = Duration.ofHours(2);
  private static final Duration LONGEST = Duration.ofHours(12);

  private final MovedClock clock = new MovedClock();
  private final Sessions sessions =
      new Sessions(
          new CookieCsrfTokenRepository(),
          new SignInProperties(IDLE, LONGEST, 10, 100, Duration.ofMinutes(15)),
          clock);
  private final MockHttpSession session = new MockHttpSession();
  private final Reference person = new Reference(UUID.randomUUID(), UUID.randomUUID());

  private static final class MovedClock extends Clock {
    private Instant now = Instant.parse("2026-11-23T08:00:00Z");

    void move(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private MockHttpServletRequest request(String method) {
    MockHttpServletRequest request = new MockHttpServletRequest(method, "/console");
    request.setSession(session);
    return request;
  }

  private void begin() {
    sessions.begin(person, 1, request("POST"), new MockHttpServletResponse());
  }

  private boolean isIn(MockHttpServletRequest request) {
    return sessions.signedIn(request).isPresent();
  }

  @Test
  void aSessionIsOverWhenNothingWasDoneForTheIdleTime() {
    begin();
    clock.move(IDLE.minusSeconds(1));
    assertThat(isIn(request("GET"))).isTrue();
    clock.move(IDLE.minusSeconds(1)); // the control: what was done in between has kept it
    assertThat(isIn(request("GET"))).isTrue();
    clock.move(IDLE);
    assertThat(isIn(request("GET"))).isFalse();
    assertThat(session.isInvalid()).isTrue();
  }

  @Test
  void aPageThatReadsItsFiguresAgainDoesNotKeepIt() {
    begin();
    for (int minutes = 0; minutes < 119; minutes++) {
      clock.move(Duration.ofMinutes(1));
      MockHttpServletRequest again = request("GET");
      again.addHeader(minutes % 2 == 0 ? "HX-Request" : "Sec-Fetch-Mode", "cors");
      assertThat(isIn(again)).isTrue();
    }
    clock.move(Duration.ofMinutes(1));
    assertThat(isIn(request("GET"))).isFalse();
  }

  @Test
  void whatIsSentByAScriptDoesKeepIt() {
    begin();
    clock.move(Duration.ofMinutes(119));
    MockHttpServletRequest question = request("POST");
    question.addHeader("Sec-Fetch-Mode", "cors");
    assertThat(isIn(question)).isTrue();
    clock.move(Duration.ofMinutes(119));
    assertThat(isIn(request("GET"))).isTrue();
  }

  @Test
  void itIsOverAfterTheLongestTimeWhateverIsDone() {
    begin();
    for (int hours = 1; hours < 12; hours++) {
      clock.move(Duration.ofHours(1));
      assertThat(isIn(request("GET"))).as("after %s hours", hours).isTrue();
    }
    clock.move(Duration.ofHours(1));
    assertThat(isIn(request("GET"))).isFalse();
    assertThat(session.isInvalid()).isTrue();
  }

  @Test
  void theSecondFactorIsOwedForTenMinutes() {
    sessions.halfWay(person, 1, request("POST"), new MockHttpServletResponse());
    clock.move(Duration.ofMinutes(9));
    assertThat(sessions.halfWay(request("GET"))).isPresent();
    assertThat(isIn(request("GET"))).isFalse();
    clock.move(Duration.ofMinutes(1));
    assertThat(sessions.halfWay(request("GET"))).isEmpty();
  }

  @Test
  void theIdChangesWithEachStep() {
    String first = session.getId();
    sessions.halfWay(person, 1, request("POST"), new MockHttpServletResponse());
    String second = session.getId();
    begin();
    assertThat(second).isNotEqualTo(first);
    assertThat(session.getId()).isNotEqualTo(second);
  }
}
