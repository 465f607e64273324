package io.galerne.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.TenantRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
@ExtendWith(OutputCaptureExtension.class)
class UsageLedgerIntegrationTests {
  @Autowired UsageLedger ledger;
  @Autowired UsageReport report;
  @Autowired PriceBook prices;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  private Caller caller;

  @BeforeEach
  void setUp() {
    caller = newCaller();
  }

  @Test
  void recordingAgainChangesNothing() throws Exception {
    UsageRecord line = line(UUID.randomUUID(), "mistral-small", 7, 11);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> done :
          threads.invokeAll(
              Collections.nCopies(100, Executors.callable(() -> ledger.record(line))))) {
        done.get();
      }
    }
    ledger.record(line(line.requestId(), "mistral-small", 1_000, 1_000));
    assertThat(today()).containsExactly(usage("mistral-small", 1, 7, 11));
  }

  @Test
  void theReportSumsByModel() {
    ledger.record(line(UUID.randomUUID(), "mistral-small", 7, 11));
    ledger.record(line(UUID.randomUUID(), "mistral-small", 5, 0));
    ledger.record(line(UUID.randomUUID(), "mistral-tiny", 1, 2));
    assertThat(today())
        .containsExactly(usage("mistral-small", 2, 12, 11), usage("mistral-tiny", 1, 1, 2));
  }

  @Test
  void linesAreInvisibleToOthers() {
    ledger.record(line(UUID.randomUUID(), "mistral-small", 7, 11));
    UUID stranger = newCaller().tenantId();
    assertThat(count(stranger)).isZero();
    assertThat(count(caller.tenantId())).isEqualTo(1);
  }

  @Test
  void linesCannotBeChanged() {
    ledger.record(line(UUID.randomUUID(), "mistral-small", 7, 11));
    for (String sql :
        new String[] {
          "update usage_event set completion_tokens = 0",
          "delete from usage_event",
          "truncate usage_event"
        }) {
      assertThatThrownBy(
              () -> transactions.runInTenant(caller.tenantId(), () -> jdbc.sql(sql).update()))
          .as(sql)
          .hasStackTraceContaining("permission denied");
    }
    assertThat(count(caller.tenantId())).isEqualTo(1);
  }

  @Test
  void aLineThatCannotBeWrittenIsLoggedWhole(CapturedOutput output) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    AtomicInteger tries = new AtomicInteger();
    RetryPolicy threeTries =
        RetryPolicy.builder()
            .maxRetries(2)
            .delay(Duration.ofMillis(1))
            .predicate(_ -> tries.incrementAndGet() > 0)
            .build();
    JdbcUsageLedger broken =
        new JdbcUsageLedger(transactions, jdbc, prices, List.of(), meters, threeTries);
    Caller nobody = new Caller(caller.tenantId(), UUID.randomUUID(), UUID.randomUUID());
    UsageRecord line =
        new UsageRecord(
            UUID.randomUUID(),
            nobody,
            source("mistral-small", ServiceClass.REALTIME),
            new TokenCounts(7, 0, 11),
            UsageRecord.Outcome.STOP,
            Instant.now(),
            Instant.now());

    assertThatThrownBy(() -> broken.record(line)).isInstanceOf(UsageNotRecordedException.class);

    assertThat(tries.get()).isGreaterThanOrEqualTo(2);
    assertThat(output).contains("usage not recorded").contains(line.toString());
    assertThat(meters.counter("galerne.usage.unrecorded").count()).isEqualTo(1);
  }

  @Test
  void aDatabaseThatComesBackGetsTheLine() {
    AtomicInteger failuresLeft = new AtomicInteger(2);
    JdbcClient restarting =
        (JdbcClient)
            Proxy.newProxyInstance(
                JdbcClient.class.getClassLoader(),
                new Class<?>[] {JdbcClient.class},
                (_, method, args) -> {
                  if (failuresLeft.getAndDecrement() > 0) {
                    throw new TransientDataAccessResourceException("restarting");
                  }
                  return method.invoke(jdbc, args);
                });
    SimpleMeterRegistry meters = new SimpleMeterRegistry();

    new JdbcUsageLedger(transactions, restarting, prices, List.of(), meters)
        .record(line(UUID.randomUUID(), "mistral-small", 7, 11));

    assertThat(failuresLeft.get()).isNegative();
    assertThat(today()).containsExactly(usage("mistral-small", 1, 7, 11));
    assertThat(meters.counter("galerne.usage.unrecorded").count()).isZero();
  }

  private List<DailyUsage> today() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    return report.daily(caller.tenantId(), today.minusDays(1), today.plusDays(2));
  }

  private static DailyUsage usage(String model, long requests, long prompt, long completion) {
    return new DailyUsage(
        LocalDate.now(ZoneOffset.UTC),
        model,
        requests,
        prompt,
        0,
        completion,
        BigInteger.valueOf(600_000 * prompt + 1_800_000 * completion));
  }

  private long count(UUID tenant) {
    return transactions.inTenant(
        tenant, () -> jdbc.sql("select count(*) from usage_event").query(Long.class).single());
  }

  private UsageRecord line(UUID requestId, String model, int prompt, int completion) {
    Instant now = Instant.now();
    return new UsageRecord(
        requestId,
        caller,
        source(model, ServiceClass.REALTIME),
        new TokenCounts(prompt, 0, completion),
        UsageRecord.Outcome.STOP,
        now,
        now);
  }

  private static UsageSource source(String model, ServiceClass serviceClass) {
    return new UsageSource(
        ServiceKind.CHAT, serviceClass, false, model, "open-mixtral-8x7b", "d1gest", null);
  }

  private Caller newCaller() {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "T");
    registry.registerWorkspace(tenant, workspace, "W");
    return new Caller(tenant, workspace, keys.issue(tenant, workspace, "k", null).id());
  }
}
