package io.galerne.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.audit.Actor;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.TenantRegistry;
import io.galerne.metering.Cost;
import io.galerne.metering.LedgerLine;
import io.galerne.metering.LedgerLines;
import io.galerne.metering.PriceBook;
import io.galerne.metering.Rates;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageReport;
import io.galerne.metering.UsageSource;
import io.galerne.metering.UsageTotal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class BillingIntegrationTests {
  private static final String[] MODELS = {"open-mistral-7b", "open-mixtral-8x7b", "mistral-medium"};

  @Autowired UsageLedger ledger;
  @Autowired LedgerLines ledgerLines;
  @Autowired UsageReport report;
  @Autowired InvoiceLines lines;
  @Autowired Invoices invoices;
  @Autowired Corrections corrections;
  @Autowired PriceBook prices;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired JsonMapper json;
  @Autowired BillingProperties properties;

  private Caller caller;

  @BeforeEach
  void setUp() {
    UUID tenant = UUID.randomUUID();
    registry.registerTenant(tenant, "T");
    caller = workspace(tenant);
  }

  private Caller workspace(UUID tenant) {
    UUID workspace = UUID.randomUUID();
    registry.registerWorkspace(tenant, workspace, "W");
    return new Caller(tenant, workspace, keys.issue(tenant, workspace, "k", null).id());
  }

  /** Months as if they were over already. */
  private Invoices at(Instant now) {
    return new Invoices(
        transactions, jdbc, lines, prices, properties, json, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Instant after(YearMonth month) {
    return month
        .plusMonths(1)
        .atDay(1)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant()
        .plus(Duration.ofHours(2));
  }

  private UsageRecord line(Caller who, String model, TokenCounts tokens, Instant at) {
    return line(who, model, tokens, at, ServiceClass.REALTIME);
  }

  private UsageRecord line(
      Caller who, String model, TokenCounts tokens, Instant at, ServiceClass serviceClass) {
    return new UsageRecord(
        UUID.randomUUID(),
        who,
        new UsageSource(ServiceKind.CHAT, serviceClass, true, model, model, "d1gest", "policy-7"),
        tokens,
        UsageRecord.Outcome.STOP,
        at,
        at);
  }

  /** Concurrent, with each line told one to three times, late ones among them. */
  private List<UsageRecord> randomLoad(Random random, int count) throws Exception {
    Caller other = workspace(caller.tenantId());
    List<UsageRecord> load = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int prompt = random.nextInt(3_000);
      Instant at =
          random.nextInt(10) == 0
              ? Instant.now().minus(Duration.ofDays(random.nextInt(70)))
              : Instant.now();
      load.add(
          line(
              random.nextBoolean() ? caller : other,
              MODELS[random.nextInt(MODELS.length)],
              new TokenCounts(prompt, random.nextInt(prompt + 1), random.nextInt(500)),
              at,
              random.nextInt(4) == 0 ? ServiceClass.BATCH : ServiceClass.REALTIME));
    }
    List<Callable<Object>> tellings = new ArrayList<>();
    for (UsageRecord line : load) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        tellings.add(Executors.callable(() -> ledger.record(line)));
      }
    }
    Collections.shuffle(tellings, random);
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<Object> done : threads.invokeAll(tellings)) {
        done.get();
      }
    }
    return load;
  }

  private record Sums(long requests, long prompt, long cached, long completion, BigInteger picos) {}

  private static final String SUMS_OF_LINES =
      """
      select count(*) as requests, coalesce(sum(prompt_tokens), 0) as prompt,
        coalesce(sum(cached_prompt_tokens), 0) as cached,
        coalesce(sum(completion_tokens), 0) as completion, coalesce(sum(cost_picos), 0) as picos
      from usage_event
      """;
  private static final String SUMS_OF_DAYS =
      SUMS_OF_LINES.replace("count(*)", "coalesce(sum(requests), 0)").replace("event", "daily");

  private Sums sums(String sql) {
    return transactions.inTenant(caller.tenantId(), () -> jdbc.sql(sql).query(Sums.class).single());
  }

  private static final String DIFFERENCES =
      """
      select count(*) from (
        (select tenant_id, usage_day, workspace_id, api_key_id, model, service, service_class,
           coalesce(price_version, 0), count(*), sum(prompt_tokens), sum(cached_prompt_tokens),
           sum(completion_tokens), sum(cost_picos)
         from usage_event group by 1, 2, 3, 4, 5, 6, 7, 8
         except select * from usage_daily)
        union all
        (select * from usage_daily
         except
         select tenant_id, usage_day, workspace_id, api_key_id, model, service, service_class,
           coalesce(price_version, 0), count(*), sum(prompt_tokens), sum(cached_prompt_tokens),
           sum(completion_tokens), sum(cost_picos)
         from usage_event group by 1, 2, 3, 4, 5, 6, 7, 8)) difference
      """;

  private static final String SUMS_BY_MODEL =
      """
      select day, model, outcome, sum(requests)::text as requests, sum(prompt_tokens)::text as prompt,
          sum(cached_prompt_tokens)::text as cached, sum(completion_tokens)::text as completion,
          sum(cost_picos)::text as picos
      from usage_by_model group by 1, 2, 3 order by 1, 2, 3
      """;

  private List<Map<String, @Nullable Object>> rows(String sql) {
    return transactions.inTenant(caller.tenantId(), () -> jdbc.sql(sql).query().listOfRows());
  }

  private long differences() {
    return transactions.inTenant(
        caller.tenantId(), () -> jdbc.sql(DIFFERENCES).query(Long.class).single());
  }

  @Test
  void rollUpsAreWhatRecomputationGives() throws Exception {
    List<UsageRecord> load = randomLoad(new Random(4), 400);

    Sums sums = sums(SUMS_OF_LINES);
    assertThat(sums.requests()).isEqualTo(400);
    assertThat(sums.prompt()).isEqualTo(load.stream().mapToLong(UsageRecord::promptTokens).sum());
    assertThat(sums(SUMS_OF_DAYS)).isEqualTo(sums);
    assertThat(differences()).isZero();
    assertThat(rows(SUMS_BY_MODEL))
        .isNotEmpty()
        .isEqualTo(
            rows(
                SUMS_BY_MODEL
                    .replace("usage_by_model", "usage_event")
                    .replace("day, model", "usage_day as day, model")
                    .replace("sum(requests)", "count(*)")));
    // the control: a sum that is off by one token is found
    transactions.runInTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    update usage_daily set prompt_tokens = prompt_tokens + 1
                    where ctid = (select ctid from usage_daily limit 1)
                    """)
                .update());
    assertThat(differences()).isEqualTo(2);
  }

  @Test
  void totalsCanBeBrokenDown() throws Exception {
    randomLoad(new Random(5), 60);
    LocalDate from = LocalDate.now(ZoneOffset.UTC).minusDays(100);
    LocalDate to = LocalDate.now(ZoneOffset.UTC).plusDays(1);
    UsageTotal all = report.totals(caller.tenantId(), from, to, Set.of(), null).getFirst();
    List<UsageTotal> parts =
        report.totals(
            caller.tenantId(), from, to, EnumSet.allOf(UsageReport.Dimension.class), null);

    assertThat(all.requests()).isEqualTo(60);
    assertThat(parts.stream().map(UsageTotal::costPicos).reduce(BigInteger.ZERO, BigInteger::add))
        .isEqualTo(all.costPicos());
    assertThat(
            report
                .totals(caller.tenantId(), from, to, Set.of(), Set.of(caller.workspaceId()))
                .getFirst()
                .requests())
        .isBetween(1L, 59L);
    assertThat(report.totals(UUID.randomUUID(), from, to, Set.of(), null)).isEmpty();
  }

  @Test
  void invoicesCoverEachLineOnceAndNeverChange() throws Exception {
    randomLoad(new Random(6), 150);
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    UUID tenant = caller.tenantId();
    StoredInvoice closed = close(month);
    Invoice invoice = invoices.invoice(tenant, month);
    assertThat(invoice.lines().stream().mapToLong(InvoiceLine::amountMicros).sum())
        .isEqualTo(invoice.totalMicros());
    assertThat(invoice.lines().stream().mapToLong(InvoiceLine::requests).sum()).isEqualTo(150);
    assertThat(drilledDown(invoice, month)).isEqualTo(150);

    Instant late = Instant.now().minus(Duration.ofMinutes(30));
    UsageRecord lateLine = line(caller, MODELS[0], new TokenCounts(10, 0, 10), late);
    ledger.record(lateLine);
    corrections.add(tenant, new Corrections.Correction(-5, "goodwill", null, null, month), "test");

    assertThat(close(month).sha256()).isEqualTo(closed.sha256());
    assertThat(Invoices.sha256(close(month).document())).isEqualTo(closed.sha256());
    assertThat(invoices.invoice(tenant, month)).isEqualTo(invoice);

    StoredInvoice next = close(month.plusMonths(1));
    Invoice second = invoices.invoice(tenant, month.plusMonths(1));
    assertThat(second.lines())
        .extracting(InvoiceLine::kind)
        .containsExactly(InvoiceLine.Kind.ADJUSTMENT, InvoiceLine.Kind.CORRECTION);
    assertThat(next.totalMicros())
        .isEqualTo(10 * 140_000 / 1_000_000 + 4 - 5 + 1); // 5.6 micro-units, rounded, less 5
    assertThat(
            invoices.requests(tenant, month.plusMonths(1), 1, 0, 10).orElseThrow().stream()
                .map(LedgerLine::requestId))
        .containsExactly(lateLine.requestId());
  }

  private long drilledDown(Invoice invoice, YearMonth month) {
    long requests = 0;
    for (InvoiceLine line : invoice.lines()) {
      List<LedgerLine> found =
          invoices.requests(caller.tenantId(), month, line.line(), 0, 1_000).orElseThrow();
      BigInteger sum =
          found.stream()
              .map(request -> BigInteger.valueOf(request.cost().picos()))
              .reduce(BigInteger.ZERO, BigInteger::add);
      assertThat(sum.toString()).isEqualTo(line.costPicos());
      assertThat(Cost.micros(sum)).isEqualTo(line.amountMicros());
      requests += found.size();
    }
    return requests;
  }

  private StoredInvoice close(YearMonth month) {
    return ((Invoices.Closing.Done) at(after(month)).close(caller.tenantId(), month)).invoice();
  }

  /** While lines are written by many threads, months are closed: each line is billed once. */
  @Test
  void closingMeetsWriting() throws Exception {
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    ledger.record(line(caller, MODELS[0], new TokenCounts(1, 0, 1), Instant.now()));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Object>> work = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        work.add(
            Executors.callable(
                () ->
                    ledger.record(
                        line(caller, MODELS[1], new TokenCounts(3, 1, 2), Instant.now()))));
      }
      work.add(50, () -> close(month));
      work.add(150, () -> close(month));
      for (Future<Object> done : threads.invokeAll(work)) {
        done.get();
      }
    }
    close(month.plusMonths(1));
    long billed =
        invoices.closed(caller.tenantId()).stream()
            .map(stored -> json.readValue(stored.document(), Invoice.class))
            .flatMap(invoice -> invoice.lines().stream())
            .mapToLong(InvoiceLine::requests)
            .sum();
    assertThat(billed).isEqualTo(201);
    assertThat(invoices.closed(caller.tenantId())).hasSize(2);
  }

  /** 1 000 price plans, invoiced, against decimal arithmetic that shares no code with ours. */
  @Test
  void anIndependentOracleFindsTheSameAmounts() {
    Random random = new Random(7);
    Map<String, BigDecimal> expected = new HashMap<>();
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    Instant now = Instant.now();
    List<Object[]> plans = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      plans.add(plan(random, "plan-" + i));
    }
    jdbc.sql(
            """
            insert into price (model, input, cached_input, output, batch_input, batch_cached_input,
              batch_output, effective_from, origin)
            select m, a, b, c, d, e, f, '1970-01-01', 'api'
            from unnest(?, ?, ?, ?, ?, ?, ?) as plan (m, a, b, c, d, e, f)
            """)
        .params(
            column(plans, 0, new String[0]),
            column(plans, 1, new Long[0]),
            column(plans, 2, new Long[0]),
            column(plans, 3, new Long[0]),
            column(plans, 4, new Long[0]),
            column(plans, 5, new Long[0]),
            column(plans, 6, new Long[0]))
        .update();
    prices.add(
        Actor.system(), "plan-reload", new Rates(1, 1, 1), new Rates(1, 1, 1), now.plusSeconds(70));
    for (Object[] plan : plans) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        int prompt = random.nextInt(100_000);
        int cached = random.nextInt(prompt + 1);
        int output = random.nextInt(10_000);
        boolean batch = random.nextBoolean();
        String model = (String) plan[0];
        ledger.record(
            line(
                caller,
                model,
                new TokenCounts(prompt, cached, output),
                now,
                batch ? ServiceClass.BATCH : ServiceClass.REALTIME));
        int first = batch ? 4 : 1;
        expected.merge(
            model + batch,
            part(plan[first], prompt - cached)
                .add(part(plan[first + 1], cached))
                .add(part(plan[first + 2], output)),
            BigDecimal::add);
      }
    }
    Invoice invoice = invoices.invoice(caller.tenantId(), month);
    BigDecimal total = BigDecimal.ZERO;
    assertThat(invoice.lines()).hasSize(expected.size()).hasSizeGreaterThan(1_000);
    for (InvoiceLine line : invoice.lines()) {
      BigDecimal exact =
          expected.getOrDefault(
              line.model() + (line.serviceClass() == ServiceClass.BATCH), BigDecimal.TEN);
      BigDecimal amount = exact.setScale(6, RoundingMode.HALF_EVEN);
      assertThat(BigDecimal.valueOf(line.amountMicros(), 6)).isEqualByComparingTo(amount);
      total = total.add(amount);
    }
    assertThat(BigDecimal.valueOf(invoice.totalMicros(), 6)).isEqualByComparingTo(total);
  }

  private static Object[] plan(Random random, String model) {
    Object[] plan = new Object[7];
    plan[0] = model;
    for (int i = 1; i < plan.length; i++) {
      plan[i] = random.nextLong(50_000_000);
    }
    return plan;
  }

  private static <T> T[] column(List<Object[]> rows, int column, T[] type) {
    return rows.stream().map(row -> row[column]).toList().toArray(type);
  }

  /** In units of the currency. */
  private static BigDecimal part(Object microsPerMillion, int tokens) {
    return new BigDecimal(microsPerMillion.toString())
        .multiply(BigDecimal.valueOf(tokens))
        .divide(new BigDecimal("1e12"));
  }

  @Test
  void aMonthThatIsNotOverStaysOpen() {
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    assertThat(invoices.close(caller.tenantId(), month))
        .isInstanceOf(Invoices.Closing.TooEarly.class);
    assertThat(at(after(month)).close(caller.tenantId(), month))
        .isInstanceOf(Invoices.Closing.Nothing.class);
    ledger.record(line(caller, MODELS[0], new TokenCounts(1, 0, 1), Instant.now()));
    Invoice preview = invoices.invoice(caller.tenantId(), month);
    assertThat(preview.closed()).isFalse();
    assertThat(preview.lines()).hasSize(1);
  }

  @Test
  void nobodyCanChangeWhatWasBilled() {
    ledger.record(line(caller, MODELS[0], new TokenCounts(1, 0, 1), Instant.now()));
    close(YearMonth.now(ZoneOffset.UTC));
    for (String sql :
        new String[] {
          "update invoice set total_micros = 0",
          "delete from invoice",
          "update billing_correction set amount_micros = 1",
          "delete from billing_correction",
          "update price set input = 0",
          "delete from price"
        }) {
      assertThatThrownBy(
              () -> transactions.runInTenant(caller.tenantId(), () -> jdbc.sql(sql).update()))
          .as(sql)
          .hasStackTraceContaining("permission denied");
    }
  }

  @Test
  void pricesChangeByVersionsAndNeverThePast() {
    Instant now = Instant.now();
    String model = "versioned-" + UUID.randomUUID();
    Rates one = new Rates(1_000_000, 500_000, 2_000_000);
    Rates two = new Rates(3_000_000, 500_000, 2_000_000);
    Instant first = prices.earliestEffect();
    long before = version(prices.add(Actor.system(), model, one, one.half(), first).version());
    long after =
        version(
            prices.add(Actor.system(), model, two, two.half(), first.plusSeconds(60)).version());

    assertThat(prices.priceOf(model, now).version()).isNull();
    assertThat(prices.priceOf(model, first).version()).isEqualTo(before);
    assertThat(prices.priceOf(model, first.plusSeconds(60)).version()).isEqualTo(after);
    assertThatThrownBy(
            () -> prices.add(Actor.system(), model, one, one.half(), now.minusSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long version(@Nullable Long version) {
    assertThat(version).isNotNull();
    return version == null ? 0 : version;
  }

  @Test
  void linesCanBeListedByCost() {
    ledger.record(line(caller, MODELS[0], new TokenCounts(1, 0, 1), Instant.now()));
    UsageRecord dear = line(caller, MODELS[2], new TokenCounts(1_000, 0, 1), Instant.now());
    ledger.record(dear);
    LedgerLine first =
        ledgerLines
            .list(caller.tenantId(), LedgerLines.Filter.ALL, LedgerLines.Order.COSTLIEST, 10, 0)
            .getFirst();
    assertThat(first.requestId()).isEqualTo(dear.requestId());
    assertThat(first.policyVersion()).isEqualTo("policy-7");
    assertThat(ledgerLines.find(caller.tenantId(), dear.requestId())).contains(first);
    assertThat(ledgerLines.find(UUID.randomUUID(), dear.requestId())).isEmpty();
  }
}
