package io.galerne.limits;

import static io.galerne.limits.LimitsFixture.INPUT;
import static io.galerne.limits.LimitsFixture.OUTPUT;
import static io.galerne.limits.LimitsFixture.demand;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.database.TestDatabase;
import io.galerne.engine.TokenAllowance;
import io.galerne.engine.TokenAllowance.Verdict;
import io.galerne.identity.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import({TestDatabase.class, LimitsFixture.class})
class BudgetIntegrationTests {
  private static final int PROMPT = 20;
  private static final int ANSWER = 200;
  private static final long PICOS_PER_MICRO = 1_000_000;

  @Autowired LimitsFixture fixture;

  /** Tokens taken until the answer's end or the budget's. */
  private static int generate(TokenAllowance allowance, int tokens) {
    int taken = 0;
    while (taken < tokens) {
      Verdict verdict = allowance.take();
      if (verdict == Verdict.DENIED) {
        return taken;
      }
      if (verdict == Verdict.GRANTED) {
        taken++;
      } else {
        LockSupport.parkNanos(200_000);
      }
    }
    return taken;
  }

  private static TokenAllowance allowance(Decision decision) {
    return ((Decision.Admitted) decision).reservation().allowance();
  }

  private static long micros(long picos) {
    return Math.ceilDiv(picos, PICOS_PER_MICRO);
  }

  @Test
  void anAnswerEndsWithTheBudgetToTheToken() {
    for (Scope scope : Scope.values()) {
      Caller caller = fixture.newCaller();
      fixture.cap(caller, scope, micros(PROMPT * INPUT + 77 * OUTPUT));
      Demand demand = demand(caller, PROMPT, 8000);
      int tokens = generate(allowance(fixture.replica().admit(demand)), 8000);
      assertThat(tokens).as("of %s", scope).isEqualTo(77);
      fixture.settle(demand, tokens);
      assertThat(fixture.replica().admit(demand(caller, PROMPT, 8000)))
          .isInstanceOfSatisfying(
              Decision.CapReached.class, cap -> assertThat(cap.scope()).isEqualTo(scope));
    }
  }

  @Test
  void withoutACapNothingEndsAnAnswer() {
    Caller caller = fixture.newCaller();
    assertThat(generate(allowance(fixture.replica().admit(demand(caller, PROMPT, 8000))), 8000))
        .isEqualTo(8000);
  }

  @Test
  void whatIsNotUsedComesBack() {
    Caller caller = fixture.newCaller();
    fixture.cap(caller, Scope.KEY, 1_000_000);
    AdmissionControl limits = fixture.replica();
    Demand used = demand(caller, PROMPT, 8000);
    assertThat(generate(allowance(limits.admit(used)), 300)).isEqualTo(300);
    assertThat(fixture.budget(caller).reserved()).isZero(); // the organisation has no cap
    fixture.settle(used, 300);
    Demand dropped = demand(caller, PROMPT, 8000);
    ((Decision.Admitted) limits.admit(dropped)).reservation().cancel();

    assertThat(fixture.reservations(caller)).isZero();
    assertThat(fixture.budget(caller))
        .isEqualTo(new LimitsFixture.Budget(PROMPT * INPUT + 300 * OUTPUT, 0));
  }

  @Test
  void settlingTwiceSpendsOnce() {
    Caller caller = fixture.newCaller();
    fixture.cap(caller, Scope.ORGANISATION, 1_000_000);
    Demand demand = demand(caller, PROMPT, 100);
    fixture.replica().admit(demand);
    fixture.settle(demand, 30);
    fixture.settle(demand, 90);
    assertThat(fixture.budget(caller))
        .isEqualTo(new LimitsFixture.Budget(PROMPT * INPUT + 30 * OUTPUT, 0));
  }

  @Test
  void theRestIsReservedNotSpent() {
    Caller caller = fixture.newCaller();
    fixture.cap(caller, Scope.ORGANISATION, micros(PROMPT * INPUT + 128 * OUTPUT));
    AdmissionControl limits = fixture.replica();
    Demand first = demand(caller, PROMPT, 8000);
    limits.admit(first);
    assertThat(limits.admit(demand(caller, PROMPT, 8000))).isInstanceOf(Decision.CapReserved.class);
    fixture.settle(first, 10);
    assertThat(limits.admit(demand(caller, PROMPT, 8000))).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void budgetsAreNeverOvershotAndUsedUp() throws Exception {
    assertThatBudgetsHold(5);
  }

  @Test
  @Tag("nightly")
  void twentyBudgetsAreNeverOvershotAndUsedUp() throws Exception {
    assertThatBudgetsHold(20);
  }

  /** 500 requests at once that cost ten times the budget, through two replicas. */
  private void assertThatBudgetsHold(int rounds) throws Exception {
    long cost = PROMPT * INPUT + ANSWER * OUTPUT;
    long budget = 50 * cost;
    List<AdmissionControl> replicas = List.of(fixture.replica(), fixture.replica());
    double least = 1;
    for (int round = 0; round < rounds; round++) {
      Caller caller = fixture.newCaller();
      fixture.cap(caller, Scope.ORGANISATION, micros(budget));
      race(caller, replicas);
      long spent = fixture.ledgerCost(caller);
      assertThat(spent).isLessThanOrEqualTo(budget);
      assertThat(fixture.budget(caller)).isEqualTo(new LimitsFixture.Budget(spent, 0));
      least = Math.min(least, (double) spent / budget);
    }
    assertThat(least).isGreaterThanOrEqualTo(0.98);
  }

  private void race(Caller caller, List<AdmissionControl> replicas) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> requests = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        AdmissionControl replica = replicas.get(i % replicas.size());
        requests.add(
            threads.submit(
                () -> {
                  start.await();
                  Demand demand = demand(caller, PROMPT, ANSWER);
                  if (replica.admit(demand) instanceof Decision.Admitted(Reservation held)) {
                    fixture.settle(demand, generate(held.allowance(), ANSWER));
                  }
                  return null;
                }));
      }
      start.countDown();
    }
    for (Future<?> request : requests) {
      request.get();
    }
  }
}
