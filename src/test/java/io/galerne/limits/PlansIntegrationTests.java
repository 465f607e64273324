package io.galerne.limits;

import static io.galerne.limits.LimitsFixture.INPUT;
import static io.galerne.limits.LimitsFixture.OUTPUT;
import static io.galerne.limits.LimitsFixture.demand;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.audit.Actor;
import io.galerne.database.OwnerDatabase;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Caller;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.UsageSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a plan gives, what a key has of its own, and what a new month changes. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import({TestDatabase.class, LimitsFixture.class})
class PlansIntegrationTests {
  private static final long SECONDS_PER_MINUTE = 60;

  @Autowired LimitsFixture fixture;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;
  @Autowired TestDatabase.Database database;
  @Autowired PlanDesk desk;
  @Autowired TermsTable table;
  @Autowired LimitsProperties limits;

  @AfterEach
  void realMonths() throws SQLException {
    month("date_trunc('month', now() at time zone 'UTC')::date");
  }

  /** The month that it is for all that asks the database. */
  private void month(String expression) throws SQLException {
    OwnerDatabase.execute(
        database,
        "create or replace function galerne_period() returns date language sql stable return "
            + expression);
  }

  private void plan(Caller caller, String plan) {
    change(caller, "update tenant set plan = ? where tenant_id = ?", plan, caller.tenantId());
  }

  private void change(Caller caller, String sql, Object... values) {
    transactions.runInTenant(caller.tenantId(), () -> jdbc.sql(sql).params(values).update());
  }

  private void spent(Caller caller, String month, long micros) {
    change(
        caller,
        """
        insert into budget (tenant_id, scope, scope_id, period, spent_picos)
        values (?, 'organisation', ?, ?::date, ?::numeric * 1000000)
        """,
        caller.tenantId(),
        caller.tenantId(),
        month,
        micros);
  }

  /** Requests per second, as a request is told of them; null for no limit. */
  private @Nullable Long perSecond(Caller caller) {
    Decision decision = fixture.replica().admit(demand(caller, 1, 1));
    if (decision instanceof Decision.RateLimited limited) {
      return (long) limited.max();
    }
    RateState.Rate requests = ((Decision.Admitted) decision).reservation().rates().requests();
    return requests == null ? null : requests.perMinute() / SECONDS_PER_MINUTE;
  }

  /** Above 20, above 100, above 500, as the original's tiers. */
  @ParameterizedTest
  @CsvSource({
    "0, 2",
    "20000000, 2",
    "20000001, 5",
    "100000000, 5",
    "100000001, 10",
    "500000000, 10",
    "500000001, 20",
    "9000000000, 20"
  })
  void tiersRiseWithAllThatWasEverSpent(long micros, long perSecond) {
    Caller caller = fixture.newCaller();
    plan(caller, Plans.TIERED);
    long before = micros / 3;
    spent(caller, "2019-04-01", before);
    spent(caller, "2020-11-01", micros - before);
    assertThat(perSecond(caller)).isEqualTo(perSecond);

    plan(caller, "free"); // the control: of another plan nothing rises
    assertThat(perSecond(caller)).isEqualTo(1);
  }

  /** Not by a row that somebody wrote, but by use: a tier is reached with the line that crosses. */
  @Test
  void theNextRequestAfterTheCrossingHasTheNextTier() {
    Caller caller = fixture.newCaller();
    plan(caller, Plans.TIERED);
    assertThat(perSecond(caller)).isEqualTo(2);
    fixture.settle(demand(caller, 0, 1), 11_111_111); // 19.9999998
    assertThat(perSecond(caller)).isEqualTo(2);
    fixture.settle(demand(caller, 0, 1), 1);
    assertThat(perSecond(caller)).isEqualTo(5);
  }

  @Test
  void aNewVersionOfAPlanHolds() {
    Caller caller = fixture.newCaller();
    String name = "gold-" + UUID.randomUUID();
    insertPlan(name, 1, 3);
    plan(caller, name);
    assertThat(perSecond(caller)).isEqualTo(3);
    insertPlan(name, 2, 7);
    assertThat(perSecond(caller)).isEqualTo(7);
  }

  private void insertPlan(String name, int version, int perSecond) {
    jdbc.sql(
            """
            insert into plan (id, version, requests_per_second, requests_burst, weight)
            values (?, ?, ?, ?, 1)
            """)
        .params(name, version, perSecond, perSecond)
        .update();
  }

  @Test
  void aPlansLimitOfOneModelLeavesTheOthers() {
    Caller caller = fixture.newCaller();
    String name = "narrow-" + UUID.randomUUID();
    insertPlan(name, 1, 1000);
    jdbc.sql(
            """
            insert into plan_model_limit (plan_id, plan_version, model, tokens_per_minute,
                tokens_per_month)
            values (?, 1, 'open-mixtral-8x7b', 60, null), (?, 1, 'open-mistral-7b', null, 50)
            """)
        .params(name, name)
        .update();
    plan(caller, name);
    AdmissionControl limits = fixture.replica();

    assertThat(limits.admit(of(caller, "open-mixtral-8x7b", 60)))
        .isInstanceOf(Decision.Admitted.class);
    assertThat(limits.admit(of(caller, "open-mixtral-8x7b", 1)))
        .isInstanceOfSatisfying(
            Decision.RateLimited.class,
            limited -> assertThat(limited.model()).isEqualTo("open-mixtral-8x7b"));
    assertThat(limits.admit(of(caller, "open-mistral-7b", 50)))
        .isInstanceOf(Decision.Admitted.class);
    assertThat(limits.admit(of(caller, "open-mistral-7b", 1)))
        .isInstanceOfSatisfying(
            Decision.QuotaReached.class,
            quota -> assertThat(quota.model()).isEqualTo("open-mistral-7b"));
    assertThat(limits.admit(of(caller, "mistral-medium", 5_000)))
        .isInstanceOf(Decision.Admitted.class); // the control
  }

  private static Demand of(Caller caller, String model, int promptTokens) {
    UsageSource source =
        new UsageSource(
            ServiceKind.CHAT, ServiceClass.REALTIME, true, model, model, "d1gest", null);
    return new Demand(UUID.randomUUID(), caller, source, promptTokens, 1, Instant.now());
  }

  /** A key's own caps, each with another key of the same workspace that they don't bind. */
  @ParameterizedTest
  @CsvSource({
    "requests_per_second, 1, RateLimited",
    "tokens_per_minute, 1000, RateLimited",
    "tokens_per_month, 1000, QuotaReached",
    "monthly_spend_micros, 1000, CapReached"
  })
  void aKeysOwnCapsBindThatKey(String column, long cap, String refusal) {
    Caller caller = fixture.newCaller();
    Caller sibling = new Caller(caller.tenantId(), caller.workspaceId(), fixture.newKey(caller));
    change(caller, "update api_key set " + column + " = ? where id = ?", cap, caller.apiKeyId());
    AdmissionControl limits = fixture.replica();
    Demand first = demand(caller, 1000, 1);
    assertThat(limits.admit(first)).isInstanceOf(Decision.Admitted.class);
    fixture.settle(first, 500); // 0.0006 and 0.0009: more than the cap of the last case
    Decision second = limits.admit(demand(caller, 1000, 1));
    for (int i = 0; i < 5 && second instanceof Decision.Admitted; i++) {
      second = limits.admit(demand(caller, 1000, 1)); // a second went by before it came
    }
    assertThat(second.getClass().getSimpleName()).isEqualTo(refusal);
    assertThat(limits.admit(demand(sibling, 1000, 1))).isInstanceOf(Decision.Admitted.class);
  }

  /** With a new month there is a new budget, and what began in the old one is charged to it. */
  @Test
  void aNewMonthBringsNewBudgetsAndTokens() throws SQLException {
    month("date '2031-01-01'");
    Caller caller = fixture.newCaller();
    long micros = Math.ceilDiv(20 * INPUT + 300 * OUTPUT, 1_000_000);
    fixture.cap(caller, Scope.ORGANISATION, micros);
    fixture.rate(caller, Scope.KEY, null, null, null, 400L);
    AdmissionControl limits = fixture.replica();
    Demand running = demand(caller, 20, 100);
    assertThat(limits.admit(running)).isInstanceOf(Decision.Admitted.class);
    Demand last = demand(caller, 20, 100);
    assertThat(limits.admit(last)).isInstanceOf(Decision.Admitted.class);
    fixture.settle(last, 199);
    assertThat(limits.admit(demand(caller, 20, 100)))
        .isInstanceOf(Decision.CapReserved.class); // the control: the month is what refuses it

    month("date '2031-02-01'");
    assertThat(limits.admit(demand(caller, 20, 100))).isInstanceOf(Decision.Admitted.class);
    fixture.settle(running, 90);
    assertThat(spent(caller, "2031-01-01")).isEqualTo(2 * 20 * INPUT + (199 + 90) * OUTPUT);
    assertThat(spent(caller, "2031-02-01")).isZero();
    assertThat(limits.admit(demand(caller, 380, 1)))
        .isInstanceOf(Decision.Admitted.class); // 400 tokens again, 20 of them taken
    assertThat(limits.admit(demand(caller, 1, 1))).isInstanceOf(Decision.QuotaReached.class);
  }

  private long spent(Caller caller, String month) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    select spent_picos from budget
                    where scope = 'organisation' and period = ?::date
                    """)
                .param(month)
                .query(Long.class)
                .single());
  }

  /** A month's end is the moment to come back at. */
  @Test
  void aMonthlyRefusalSaysWhenTheMonthEnds() {
    Caller caller = fixture.newCaller();
    fixture.cap(caller, Scope.WORKSPACE, 0);
    Decision.CapReached reached =
        (Decision.CapReached) fixture.replica().admit(demand(caller, 1, 1));
    Duration left =
        Duration.between(
            Instant.now(),
            YearMonth.now(ZoneOffset.UTC)
                .plusMonths(1)
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant());
    assertThat(reached.retryAfter()).isCloseTo(left, Duration.ofMinutes(1));
  }

  /** Another replica has a book of its own, and reads the newest terms within a second. */
  @Test
  void aChangedPlanHoldsOnAnotherReplica() {
    Caller caller = fixture.newCaller();
    PlatformOperator operator =
        new PlatformOperator(
            UUID.randomUUID(), new Actor(Actor.Kind.OPERATOR, UUID.randomUUID(), null, null));
    String id = "p" + UUID.randomUUID().toString().substring(0, 8);
    PlanTerms terms = new PlanTerms(5.0, null, null, null, null, 2, null, new TreeMap<>());
    assertThat(desk.create(operator, id, terms)).isInstanceOf(PlanDesk.Saved.class);
    plan(caller, id);
    TermsBook other = new TermsBook(table, limits);
    assertThat(other.of(caller).weight()).isEqualTo(2);
    PlanTerms heavier = new PlanTerms(5.0, null, null, null, null, 9, null, new TreeMap<>());
    assertThat(desk.change(operator, id, 1, heavier)).isInstanceOf(PlanDesk.Saved.class);
    assertThat(desk.change(operator, id, 1, terms)).isInstanceOf(PlanDesk.Outdated.class);
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (other.of(caller).weight() != 9 && System.nanoTime() < end) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(other.of(caller).weight()).isEqualTo(9);
    assertThat(other.of(caller).planVersion()).isEqualTo(2);
  }
}
