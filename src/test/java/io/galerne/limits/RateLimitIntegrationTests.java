package io.galerne.limits;

import static io.galerne.limits.LimitsFixture.demand;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.database.TestDatabase;
import io.galerne.identity.Caller;
import io.galerne.metering.ServiceClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import({TestDatabase.class, LimitsFixture.class})
class RateLimitIntegrationTests {
  @Autowired LimitsFixture fixture;

  @Test
  void whatIsLeftIsToldToTheRequest() {
    Caller caller = fixture.newCaller();
    fixture.rate(caller, Scope.ORGANISATION, 0.01, 5, null, null);
    AdmissionControl limits = fixture.replica();

    for (int left = 4; left >= 0; left--) {
      RateState state = admitted(limits.admit(demand(caller, 10, 10))).rates();
      assertThat(state.requests()).isEqualTo(new RateState.Rate(1, Math.min(1, left)));
      assertThat(state.tokens()).isNull();
    }
    Decision.RateLimited limited = (Decision.RateLimited) limits.admit(demand(caller, 10, 10));
    assertThat(limited.scope()).isEqualTo(Scope.ORGANISATION);
    assertThat(limited.unit()).isEqualTo(Decision.Unit.REQUESTS);
    assertThat(limited.retryAfter()).isBetween(Duration.ofSeconds(95), Duration.ofSeconds(100));
  }

  @Test
  void twoReplicasKeepOneRateTogether() throws Exception {
    Caller caller = fixture.newCaller();
    int perSecond = 40;
    int burst = 8;
    fixture.rate(caller, Scope.WORKSPACE, (double) perSecond, burst, null, null);
    long began = System.nanoTime();
    int admitted = storm(caller, Duration.ofSeconds(3));
    double seconds = (System.nanoTime() - began) / 1e9;

    assertThat(admitted).isLessThanOrEqualTo((int) (burst + perSecond * seconds * 1.01));
    assertThat(admitted).isGreaterThanOrEqualTo((int) (perSecond * 3 * 0.99));
  }

  @Test
  void withoutTheRuleTheStormPasses() throws Exception {
    assertThat(storm(fixture.newCaller(), Duration.ofSeconds(1))).isGreaterThan(200);
  }

  private int storm(Caller caller, Duration length) throws Exception {
    AtomicInteger admitted = new AtomicInteger();
    long end = System.nanoTime() + length.toNanos();
    List<Future<?>> storms = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (AdmissionControl replica : List.of(fixture.replica(), fixture.replica())) {
        for (int i = 0; i < 4; i++) {
          storms.add(
              threads.submit(
                  () -> {
                    while (System.nanoTime() < end) {
                      if (replica.admit(demand(caller, 1, 1)) instanceof Decision.Admitted) {
                        admitted.incrementAndGet();
                      }
                    }
                  }));
        }
      }
    }
    for (Future<?> done : storms) {
      done.get();
    }
    return admitted.get();
  }

  @Test
  void anAnswersTokensAreTakenWhenItEnds() {
    Caller caller = fixture.newCaller();
    fixture.rate(caller, Scope.KEY, null, null, 600L, null);
    AdmissionControl limits = fixture.replica();

    Demand first = demand(caller, 100, 1000);
    RateState state = admitted(limits.admit(first)).rates();
    assertThat(state.tokens()).isEqualTo(new RateState.Rate(600, 500));
    assertThat(state.queryTokens()).isEqualTo(100);
    fixture.settle(first, 700);

    Decision.RateLimited limited = (Decision.RateLimited) limits.admit(demand(caller, 50, 1));
    assertThat(limited.scope()).isEqualTo(Scope.KEY);
    assertThat(limited.unit()).isEqualTo(Decision.Unit.TOKENS);
    // 200 of debt and the prompt's 50, at 10 tokens a second
    assertThat(limited.retryAfter()).isBetween(Duration.ofSeconds(22), Duration.ofSeconds(25));
  }

  @Test
  void aPromptLargerThanTheBucketPassesWhenItIsFull() {
    Caller caller = fixture.newCaller();
    fixture.rate(caller, Scope.KEY, null, null, 60L, null);
    AdmissionControl limits = fixture.replica();

    assertThat(limits.admit(demand(caller, 300, 1))).isInstanceOf(Decision.Admitted.class);
    assertThat(((Decision.RateLimited) limits.admit(demand(caller, 1, 1))).retryAfter())
        .isGreaterThan(Duration.ofSeconds(235));
  }

  @Test
  void monthlyTokensAreNoRate() {
    Caller caller = fixture.newCaller();
    fixture.rate(caller, Scope.ORGANISATION, null, null, null, 1000L);
    AdmissionControl limits = fixture.replica();
    Demand first = demand(caller, 400, 1000);
    admitted(limits.admit(first));
    fixture.settle(first, 500);

    assertThat(limits.admit(demand(caller, 101, 1)))
        .isInstanceOfSatisfying(
            Decision.QuotaReached.class,
            quota -> assertThat(quota.tokensPerMonth()).isEqualTo(1000));
    assertThat(limits.admit(demand(caller, 100, 1))).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void aBatchIsHeldToNoRate() {
    Caller caller = fixture.newCaller();
    fixture.rate(caller, Scope.ORGANISATION, 0.001, 1, 1L, 1L);
    AdmissionControl limits = fixture.replica();
    for (int i = 0; i < 5; i++) {
      assertThat(limits.admit(demand(caller, 100, 100, ServiceClass.BATCH)))
          .isInstanceOf(Decision.Admitted.class);
    }
    admitted(limits.admit(demand(caller, 1, 1)));
    assertThat(limits.admit(demand(caller, 1, 1))).isInstanceOf(Decision.RateLimited.class);
  }

  @Test
  void aDeniedRequestTakesNothing() {
    Caller caller = fixture.newCaller();
    fixture.rate(caller, Scope.ORGANISATION, 0.001, 3, null, null);
    fixture.rate(caller, Scope.KEY, null, null, 10L, null);
    AdmissionControl limits = fixture.replica();
    admitted(limits.admit(demand(caller, 10, 1)));
    for (int i = 0; i < 5; i++) {
      assertThat(limits.admit(demand(caller, 10, 1))).isInstanceOf(Decision.RateLimited.class);
    }
    assertThat(fixture.reservations(caller)).isEqualTo(1);
    RateState.Rate requests = admitted(limits.admit(demand(caller, 0, 1))).rates().requests();
    assertThat(requests).isEqualTo(new RateState.Rate(0, 0)); // two of three are taken
    assertThat(limits.admit(demand(caller, 0, 1))).isInstanceOf(Decision.Admitted.class);
    assertThat(limits.admit(demand(caller, 0, 1))).isInstanceOf(Decision.RateLimited.class);
  }

  private static Reservation admitted(Decision decision) {
    return ((Decision.Admitted) decision).reservation();
  }
}
