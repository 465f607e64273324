package io.galerne.limits;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.TenantRegistry;
import io.galerne.journal.DatabaseWatch;
import io.galerne.journal.Journal;
import io.galerne.journal.Replica;
import io.galerne.metering.PriceList;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tenants, limits and replicas for tests; prices are those of open-mixtral-8x7b. */
@TestComponent
class LimitsFixture {
  static final long INPUT = 600_000;
  static final long OUTPUT = 1_800_000;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final TenantRegistry registry;
  private final ApiKeyService keys;
  private final PriceList prices;
  private final UsageLedger ledger;
  private final Journal journal;

  LimitsFixture(
      TenantTransactions transactions,
      JdbcClient jdbc,
      TenantRegistry registry,
      ApiKeyService keys,
      PriceList prices,
      UsageLedger ledger,
      Journal journal) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.registry = registry;
    this.keys = keys;
    this.prices = prices;
    this.ledger = ledger;
    this.journal = journal;
  }

  /** One of several processes on the same database: nothing is shared but that. */
  AdmissionControl replica() {
    LimitsProperties properties =
        new LimitsProperties("standard", Duration.ofMillis(1), 128, Duration.ofSeconds(2));
    return new JdbcAdmissionControl(
        new TermsBook(new TermsTable(transactions, jdbc, properties), properties),
        prices,
        new ReservationTable(jdbc, new Replica()),
        new LeaseExtender(jdbc, new SimpleMeterRegistry()),
        journal,
        new DatabaseWatch(),
        properties);
  }

  Caller newCaller() {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "T");
    registry.registerWorkspace(tenant, workspace, "W");
    return new Caller(tenant, workspace, keys.issue(tenant, workspace, "k", null).id());
  }

  /** Another key of the caller's workspace. */
  UUID newKey(Caller caller) {
    return keys.issue(caller.tenantId(), caller.workspaceId(), "k2", null).id();
  }

  void cap(Caller caller, Scope scope, long micros) {
    transactions.runInTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    insert into spend_cap (tenant_id, scope, scope_id, cap_micros)
                    values (?, ?, ?, ?)
                    on conflict (tenant_id, scope, scope_id)
                    do update set cap_micros = excluded.cap_micros
                    """)
                .params(caller.tenantId(), scope.stored(), id(caller, scope), micros)
                .update());
  }

  void rate(
      Caller caller,
      Scope scope,
      @Nullable Double perSecond,
      @Nullable Integer burst,
      @Nullable Long tokensPerMinute,
      @Nullable Long tokensPerMonth) {
    transactions.runInTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    insert into rate_limit (tenant_id, scope, scope_id, requests_per_second,
                        requests_burst, tokens_per_minute, tokens_per_month)
                    values (?, ?, ?, ?, ?, ?, ?)
                    """)
                .param(caller.tenantId())
                .param(scope.stored())
                .param(id(caller, scope))
                .param(perSecond)
                .param(burst)
                .param(tokensPerMinute)
                .param(tokensPerMonth)
                .update());
  }

  private static UUID id(Caller caller, Scope scope) {
    return switch (scope) {
      case ORGANISATION -> caller.tenantId();
      case WORKSPACE -> caller.workspaceId();
      case KEY -> caller.apiKeyId();
    };
  }

  static Demand demand(Caller caller, int promptTokens, int completionMax) {
    return demand(caller, promptTokens, completionMax, ServiceClass.REALTIME);
  }

  static Demand demand(Caller caller, int promptTokens, int completionMax, ServiceClass service) {
    UsageSource source =
        new UsageSource(
            ServiceKind.CHAT, service, true, "small", "open-mixtral-8x7b", "d1gest", null);
    return new Demand(
        UUID.randomUUID(), caller, source, promptTokens, completionMax, Instant.now());
  }

  void settle(Demand demand, int completionTokens) {
    ledger.record(
        new UsageRecord(
            demand.requestId(),
            demand.caller(),
            demand.source(),
            new TokenCounts(demand.promptTokens(), 0, completionTokens),
            UsageRecord.Outcome.STOP,
            demand.startedAt(),
            Instant.now()));
  }

  record Budget(long spent, long reserved) {}

  /** Of the organisation, in 1e-12 units. */
  Budget budget(Caller caller) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql("select spent_picos, reserved_picos from budget where scope = 'organisation'")
                .query(
                    (row, _) ->
                        new Budget(
                            row.getBigDecimal(1).longValueExact(),
                            row.getBigDecimal(2).longValueExact()))
                .optional()
                .orElse(new Budget(0, 0)));
  }

  /** What the ledger's lines cost together, in 1e-12 units. */
  long ledgerCost(Caller caller) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql("select coalesce(sum(cost_picos), 0) from usage_event")
                .query(BigDecimal.class)
                .single()
                .longValueExact());
  }

  long reservations(Caller caller) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> jdbc.sql("select count(*) from reservation").query(Long.class).single());
  }
}
