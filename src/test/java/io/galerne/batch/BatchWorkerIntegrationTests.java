package io.galerne.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.files.FileStore;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.TenantRegistry;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.unit.DataSize;

/** Several processes' workers over one database; they die, come back, fail and are stopped. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.MOCK,
    properties = "galerne.batch.enabled=false")
@Import(TestDatabase.class)
class BatchWorkerIntegrationTests {
  private static final int LINES = 20;
  private static final BatchProperties LIMITS =
      new BatchProperties(
          true,
          1000,
          DataSize.ofKilobytes(64),
          1000,
          DataSize.ofMegabytes(1),
          5,
          8,
          8,
          3,
          Duration.ofSeconds(1),
          Duration.ofMillis(50),
          Duration.ofDays(1));

  @Autowired BatchJobs jobs;
  @Autowired JobEnding ending;
  @Autowired FileStore files;
  @Autowired UsageLedger ledger;
  @Autowired TenantTransactions transactions;
  @Autowired PlatformTransactionManager transactionManager;
  @Autowired JdbcClient jdbc;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  private final ScriptedLines lines = new ScriptedLines();
  private final List<BatchWorker> workers = new ArrayList<>();
  private Caller caller = new Caller(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

  @BeforeEach
  void setUp() {
    registry.registerTenant(caller.tenantId(), "T");
    registry.registerWorkspace(caller.tenantId(), caller.workspaceId(), "W");
    UUID key = keys.issue(caller.tenantId(), caller.workspaceId(), "K", null).id();
    caller = new Caller(caller.tenantId(), caller.workspaceId(), key);
  }

  @AfterEach
  void stop() {
    lines.open();
    workers.forEach(BatchWorker::stop);
    openJobs().forEach(id -> jobs.delete(caller, id));
  }

  private List<UUID> openJobs() {
    return transactions.inTenant(
        caller.tenantId(),
        () -> jdbc.sql("select job_id from batch_queue").query(UUID.class).list());
  }

  private MortalTable table(UsageLedger into) {
    return new MortalTable(transactions, transactionManager, jdbc, into);
  }

  private BatchWorker start(LineTable table, LineAnswers answers) {
    BatchWorker worker =
        new BatchWorker(
            table, ending, answers, files, LIMITS, new WorkSignal(), new SimpleMeterRegistry());
    workers.add(worker);
    worker.start();
    return worker;
  }

  private UUID job(int count) {
    List<RequestLine> requests =
        IntStream.range(0, count)
            .mapToObj(i -> new RequestLine(i + 1, "c" + i, null, null, "{\"n\":" + i + "}"))
            .toList();
    JobRequest request =
        new JobRequest(
            "/v1/chat/completions", "mistral-tiny", null, Duration.ofHours(1), List.of(), requests);
    return ((Creation.Created) jobs.create(caller, request)).job().id();
  }

  @Test
  void aDeadProcessesLinesAreTakenOverAndBilledOnce() throws Exception {
    MortalTable dying = table(ledger);
    ScriptedLines stuck = new ScriptedLines();
    stuck.waits = number -> number >= 5;
    start(dying, stuck);
    UUID id = job(LINES);
    await(() -> find(id).succeeded() == 5 && stuck.asked.size() == 5 + LIMITS.concurrency());

    dying.dead = true;
    start(table(ledger), lines);
    await(() -> find(id).completedAt() != null);

    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCESS);
    assertThat(lines.asked).hasSize(LINES - 5).allSatisfy((_, times) -> assertThat(times).isOne());
    assertEachOnce(id, LINES);
    // it only seemed dead, and comes back with answers to lines that are others' by now
    dying.dead = false;
    stuck.open();
    workers.getFirst().stop();
    assertEachOnce(id, LINES);
  }

  /** The control: with the claim still valid, the same late answers count. */
  @Test
  void aSlowProcessKeepsItsLines() throws Exception {
    ScriptedLines slow = new ScriptedLines();
    slow.waits = number -> number < LIMITS.concurrency();
    start(table(ledger), slow);
    UUID id = job(LIMITS.concurrency());
    await(() -> slow.asked.size() == LIMITS.concurrency());
    start(table(ledger), lines);
    long until = System.nanoTime() + 3 * LIMITS.lease().toNanos();
    await(() -> System.nanoTime() > until);

    slow.open();
    await(() -> find(id).completedAt() != null);

    assertThat(lines.asked).isEmpty();
    assertEachOnce(id, LIMITS.concurrency());
  }

  @Test
  void anAnswerAndItsBillAreStoredTogether() throws Exception {
    Set<UUID> failed = ConcurrentHashMap.newKeySet();
    UsageLedger failing =
        new UsageLedger() {
          @Override
          public void record(UsageRecord usage) {
            ledger.record(usage);
            if (failed.add(usage.requestId())) {
              throw new DataAccessResourceFailureException("after the ledger, before the commit");
            }
          }
        };
    start(table(failing), lines);
    UUID id = job(LINES);

    await(() -> find(id).completedAt() != null);

    assertThat(failed).hasSize(LINES);
    assertEachOnce(id, LINES);
  }

  @Test
  void processesShareAJob() throws Exception {
    ScriptedLines others = new ScriptedLines();
    lines.waits = number -> number == 0;
    others.waits = number -> number == 0;
    UUID id = job(60);
    start(table(ledger), lines);
    start(table(ledger), others);
    await(() -> find(id).succeeded() == 59);
    lines.open();
    others.open();

    await(() -> find(id).completedAt() != null);

    assertThat(lines.asked.size() + others.asked.size()).isEqualTo(60);
    assertThat(lines.asked.keySet()).doesNotContainAnyElementsOf(others.asked.keySet());
    assertThat(lines.asked).isNotEmpty();
    assertThat(others.asked).isNotEmpty();
    assertEachOnce(id, 60);
  }

  @Test
  void aStoppedProcessGivesItsLinesBack() throws Exception {
    ScriptedLines stuck = new ScriptedLines();
    stuck.waits = _ -> true;
    BatchWorker first = start(table(ledger), stuck);
    UUID id = job(LINES);
    await(() -> stuck.asked.size() == LIMITS.concurrency());

    first.stop();

    assertThat(states()).containsOnly("PENDING 0").hasSize(LINES);
    assertThat(billed()).isEmpty();
    start(table(ledger), lines);
    await(() -> find(id).completedAt() != null);
    assertEachOnce(id, LINES);
  }

  @Test
  void triesAgainWhatFailsForOurReasons() throws Exception {
    lines.status = time -> time < 3 ? 500 : 200;
    start(table(ledger), lines);
    UUID id = job(2);
    await(() -> find(id).completedAt() != null);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCESS);

    lines.status = _ -> 500;
    UUID hopeless = job(2);
    await(() -> find(hopeless).completedAt() != null);

    BatchJob ended = find(hopeless);
    assertThat(ended.status()).isEqualTo(JobStatus.FAILED);
    assertThat(ended.failed()).isEqualTo(2);
    assertThat(ended.errors()).extracting(BatchJob.JobError::message).contains("answer 0");
    assertThat(lines.asked.values()).containsOnly(3);
  }

  @Test
  void aBusyEngineIsAskedLater() throws Exception {
    lines.status = time -> time < 5 ? 503 : 200;
    start(table(ledger), lines);
    UUID id = job(3);

    await(() -> find(id).completedAt() != null);

    assertThat(lines.asked.values()).containsOnly(5);
    assertEachOnce(id, 3);
  }

  @Test
  void endsWhenItsTimeIsUp() throws Exception {
    lines.waits = number -> number >= 4;
    start(table(ledger), lines);
    UUID id = job(LINES);
    await(() -> find(id).succeeded() == 4);

    transactions.runInTenant(
        caller.tenantId(),
        () -> {
          jdbc.sql("update batch_job set deadline = now() where id = ?").param(id).update();
          jdbc.sql("update batch_queue set deadline = now() where job_id = ?").param(id).update();
        });
    await(() -> find(id).completedAt() != null);

    assertThat(find(id).status()).isEqualTo(JobStatus.TIMEOUT_EXCEEDED);
    assertThat(output(id)).hasSize(4);
    assertThat(billed()).hasSize(4);
  }

  @Test
  void jobsOfATenantHaveABound() {
    IntStream.range(0, 100).forEach(_ -> job(1));

    Creation refused =
        jobs.create(
            caller,
            new JobRequest(
                "/v1/chat/completions",
                "mistral-tiny",
                null,
                Duration.ofHours(1),
                List.of(),
                List.of(new RequestLine(1, null, null, null, "{}"))));

    assertThat(refused).isEqualTo(new Creation.TooManyJobs(100));
  }

  @Test
  void whatHasExpiredIsDeleted() throws Exception {
    start(table(ledger), lines);
    UUID id = job(1);
    await(() -> find(id).completedAt() != null);
    transactions.runInTenant(
        caller.tenantId(),
        () -> {
          jdbc.sql("update batch_job set expires_at = now() where id = ?").param(id).update();
          jdbc.sql("update stored_file set expires_at = now()").update();
        });
    UUID kept = job(1);

    assertThat(files.deleteExpired()).isEqualTo(1);
    ending.deleteExpired();

    assertThat(jobs.find(caller, id)).isEmpty();
    assertThat(jobs.find(caller, kept)).isPresent();
  }

  private void assertEachOnce(UUID id, int count) throws IOException {
    assertThat(output(id)).hasSize(count).doesNotHaveDuplicates();
    assertThat(billed()).hasSize(count).doesNotHaveDuplicates();
  }

  private BatchJob find(UUID id) {
    return jobs.find(caller, id).orElseThrow();
  }

  private List<String> output(UUID id) throws IOException {
    try (InputStream content = jobs.open(caller, jobs.output(caller, find(id)).orElseThrow())) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private List<UUID> billed() {
    return transactions.inTenant(
        caller.tenantId(),
        () -> jdbc.sql("select request_id from usage_event").query(UUID.class).list());
  }

  private List<String> states() {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql("select state || ' ' || attempts from batch_line").query(String.class).list());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(until);
      assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
