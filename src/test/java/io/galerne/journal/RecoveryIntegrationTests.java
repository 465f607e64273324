package io.galerne.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.database.DataDirectory;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.TenantRegistry;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageNotRecordedException;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Replicas that die in the middle of an answer, played by their journals. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class RecoveryIntegrationTests {
  private static final int PROMPT = 9;

  @TempDir Path folder;
  @Autowired TenantTransactions transactions;
  @Autowired PlatformTransactionManager transactionManager;
  @Autowired JdbcClient jdbc;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  @Autowired
  @Qualifier("jdbcUsageLedger")
  UsageLedger table;

  private final Replica doomed = new Replica();
  private final Replica survivor = new Replica();
  private final DatabaseWatch watch = new DatabaseWatch();
  private final UUID request = UUID.randomUUID();
  private final Instant startedAt = Instant.now();
  private Caller caller;
  private Spool spool;
  private Journal journal;

  @BeforeEach
  void start() {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "T");
    registry.registerWorkspace(tenant, workspace, "W");
    caller = new Caller(tenant, workspace, keys.issue(tenant, workspace, "k", null).id());
    spool = new Spool(new DataDirectory(folder), doomed);
    journal = new Journal(new CheckpointTable(jdbc, doomed), spool, watch);
  }

  @AfterEach
  void stop() {
    journal.destroy();
    spool.destroy();
  }

  private Deliveries open() {
    return journal.open(request, caller, caller.apiKeyId(), source(), PROMPT, startedAt);
  }

  private static UsageSource source() {
    return new UsageSource(
        ServiceKind.CHAT, ServiceClass.REALTIME, true, "m", "open-mixtral-8x7b", "d1gest", null);
  }

  private static void deliver(Deliveries deliveries, int tokens) throws InterruptedException {
    for (int i = 0; i < tokens; i++) {
      deliveries.before(1);
      deliveries.delivered(1, 4);
    }
  }

  private Recovery recovery(Replica replica) {
    return recovery(new Spool(new DataDirectory(folder.resolve(replica.id() + "")), replica));
  }

  private Recovery recovery(Spool own) {
    return new Recovery(jdbc, transactionManager, table, own);
  }

  private record Line(int prompt, int cached, int completion, String outcome) {}

  private List<Line> lines() {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    select prompt_tokens, cached_prompt_tokens, completion_tokens, outcome
                    from usage_event where request_id = ?
                    """)
                .param(request)
                .query(
                    (row, _) ->
                        new Line(row.getInt(1), row.getInt(2), row.getInt(3), row.getString(4)))
                .list());
  }

  private long reservations() {
    return transactions.inTenant(
        caller.tenantId(),
        () -> jdbc.sql("select count(*) from reservation").query(Long.class).single());
  }

  @Test
  void aKilledAnswerIsChargedForWhatIsNoted() throws Exception {
    deliver(open(), 100);
    // killed here: nothing is closed

    recovery(survivor).close(doomed.id());
    recovery(survivor).close(doomed.id());

    assertThat(lines())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.prompt()).isEqualTo(PROMPT);
              assertThat(line.cached()).isEqualTo(4);
              assertThat(line.completion()).isBetween(100 - Deliveries.UNNOTED_MAX, 100);
              assertThat(line.outcome()).isEqualTo("INTERRUPTED");
            });
    assertThat(reservations()).isZero();
  }

  @Test
  void anAnswerThatDidNotBeginLeavesNoLine() {
    open();
    recovery(survivor).close(doomed.id());
    assertThat(lines()).isEmpty();
  }

  @Test
  void withoutNotesNothingWouldBeCharged() {
    Deliveries deliveries = open();
    for (int i = 0; i < 10; i++) {
      deliveries.delivered(1, 0); // nobody asked whether it might be
    }
    recovery(survivor).close(doomed.id());
    assertThat(lines()).isEmpty();
  }

  @Test
  void whoWasTakenForDeadDeliversNoMore() throws Exception {
    Deliveries deliveries = open();
    deliver(deliveries, 20);
    recovery(survivor).close(doomed.id());

    assertThatThrownBy(() -> deliver(deliveries, 2 * Deliveries.UNNOTED_MAX))
        .isInstanceOf(FencedException.class);
    assertThat(lines()).hasSize(1);
    assertThat(reservations()).isZero();
  }

  @Test
  void whileTheDatabaseIsAwayNotesAreKeptHere() throws Exception {
    Deliveries deliveries = open();
    deliver(deliveries, 40);
    watch.failed(new IOException("no database"));
    deliver(deliveries, 200);
    // killed while the database is away; the next to start finds what is kept
    journal.destroy();
    spool.destroy();
    Spool next = new Spool(new DataDirectory(folder), survivor);
    recovery(next).takeOver();

    assertThat(lines())
        .singleElement()
        .satisfies(line -> assertThat(line.completion()).isBetween(208, 240));
    assertThat(reservations()).isZero();
    assertThat(next.left()).isEmpty();
    next.destroy();
  }

  @Test
  void withoutDatabaseAndSpoolAnAnswerRests() throws Exception {
    Deliveries deliveries = open();
    deliver(deliveries, 1);
    watch.failed(new IOException("no database"));
    spool.destroy(); // and no place to keep anything
    CompletableFuture<Void> rest =
        CompletableFuture.runAsync(
            () -> {
              try {
                deliver(deliveries, 200);
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    assertThatThrownBy(() -> rest.get(500, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    watch.answered();
    rest.get(20, TimeUnit.SECONDS);
  }

  @Test
  void linesWaitForTheDatabase() throws Exception {
    SpoolingLedger ledger = new SpoolingLedger(table, spool, watch, _ -> null);
    UsageRecord usage = usage();
    watch.failed(new IOException("no database"));
    ledger.record(usage);
    ledger.record(usage);
    assertThat(lines()).isEmpty();

    watch.answered();
    recovery(spool).replay();

    assertThat(lines()).containsExactly(new Line(PROMPT, 0, 77, "STOP"));
    assertThat(spool.isEmpty()).isTrue();
  }

  private UsageRecord usage() {
    return new UsageRecord(
        request,
        caller,
        source(),
        new TokenCounts(PROMPT, 0, 77),
        UsageRecord.Outcome.STOP,
        startedAt,
        Instant.now());
  }

  @Test
  void aLineThatTheDatabaseHasNoRoomForWaitsToo() throws Exception {
    UsageLedger full =
        line -> {
          throw new UsageNotRecordedException(
              line, new DataAccessResourceFailureException("no space left on device"));
        };
    new SpoolingLedger(full, spool, watch, _ -> null).record(usage());
    assertThat(watch.isAway()).isTrue();
    watch.answered();
    recovery(spool).replay();
    assertThat(lines()).containsExactly(new Line(PROMPT, 0, 77, "STOP"));

    UsageLedger refusing =
        line -> {
          throw new UsageNotRecordedException(line, new DataIntegrityViolationException("no"));
        };
    SpoolingLedger ledger = new SpoolingLedger(refusing, spool, watch, _ -> null);
    assertThatThrownBy(() -> ledger.record(usage())).isInstanceOf(UsageNotRecordedException.class);
    assertThat(spool.isEmpty()).as("what is wrong with the line stays wrong").isTrue();
  }

  @Test
  void aTornLineIsNoLine() {
    SpoolLine line =
        SpoolLine.settled(
            new UsageRecord(
                request,
                caller,
                source(),
                new TokenCounts(1, 0, 1),
                UsageRecord.Outcome.STOP,
                startedAt,
                startedAt),
            null);
    String text = line.encode().strip();
    assertThat(SpoolLine.decode(text)).contains(line);
    for (int end = 0; end < text.length(); end++) {
      assertThat(SpoolLine.decode(text.substring(0, end))).isEmpty();
    }
  }
}
