package io.galerne.metering;

import io.galerne.database.TenantTransactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The ledger as a table. A line that cannot be written within a few tries goes to the log as a
 * whole, so that it can be added by hand; the request it belongs to is over and cannot fail for it.
 */
@Component
class JdbcUsageLedger implements UsageLedger {
  private static final Logger log = LoggerFactory.getLogger(JdbcUsageLedger.class);

  private static final RetryPolicy DEFAULT_RETRIES =
      RetryPolicy.builder()
          .maxRetries(4)
          .delay(Duration.ofMillis(100))
          .multiplier(4)
          .maxDelay(Duration.ofSeconds(2))
          .timeout(Duration.ofSeconds(7)) // and at most one try of 3 s after it
          .includes(DataAccessException.class, TransactionException.class)
          .excludes(NonTransientDataAccessException.class)
          .build();

  /**
   * One statement: the line gets its number while the tenant's ledger can't be closed, and if it is
   * new, it is added to its day. A line counts for the day on which it is written, by the
   * database's clock; one that ended well before that (it waited somewhere) for the day it ended.
   */
  private static final String RECORD =
      """
      with locked as materialized (select pg_advisory_xact_lock_shared(:lock)),
      moment as materialized (
        select nextval('ledger_number') as number, clock_timestamp() as now from locked),
      line as (
        insert into usage_event (request_id, started_month, number, tenant_id, workspace_id,
            api_key_id, service, service_class, stream, model, priced_as, price_version,
            weights_digest, policy_version, prompt_tokens, cached_prompt_tokens, completion_tokens,
            cost_picos, cost_micros, outcome, started_at, ended_at, usage_day, recorded_at)
        select :request, date_trunc('month', cast(:started as timestamptz) at time zone 'UTC')::date, number, :tenant,
            :workspace, :key, :service, :class, :stream, :model, :pricedAs, :priceVersion, :digest,
            :policy, :prompt, :cached, :completion, :picos, :micros, :outcome, :started, :ended,
            (case when cast(:ended as timestamptz) < now - interval '5 minutes' then cast(:ended as timestamptz) else now end
              at time zone 'UTC')::date,
            now
        from moment
        on conflict do nothing
        returning *)
      insert into usage_daily as day (tenant_id, day, workspace_id, api_key_id, model, service,
          service_class, price_version, requests, prompt_tokens, cached_prompt_tokens,
          completion_tokens, cost_picos)
      select tenant_id, usage_day, workspace_id, api_key_id, model, service, service_class,
          coalesce(price_version, 0), 1, prompt_tokens, cached_prompt_tokens, completion_tokens,
          cost_picos
      from line
      on conflict (tenant_id, day, workspace_id, api_key_id, model, service, service_class,
          price_version)
      do update set requests = day.requests + 1,
          prompt_tokens = day.prompt_tokens + excluded.prompt_tokens,
          cached_prompt_tokens = day.cached_prompt_tokens + excluded.cached_prompt_tokens,
          completion_tokens = day.completion_tokens + excluded.completion_tokens,
          cost_picos = day.cost_picos + excluded.cost_picos
      """;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final PriceList prices;
  private final List<LedgerPosting> postings;
  private final RetryTemplate retries;
  private final Counter unrecorded;

  @Autowired
  JdbcUsageLedger(
      TenantTransactions transactions,
      JdbcClient jdbc,
      PriceList prices,
      List<LedgerPosting> postings,
      MeterRegistry meters) {
    this(transactions, jdbc, prices, postings, meters, DEFAULT_RETRIES);
  }

  JdbcUsageLedger(
      TenantTransactions transactions,
      JdbcClient jdbc,
      PriceList prices,
      List<LedgerPosting> postings,
      MeterRegistry meters,
      RetryPolicy retryPolicy) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.prices = prices;
    this.postings = List.copyOf(postings);
    this.retries = new RetryTemplate(retryPolicy);
    this.unrecorded =
        Counter.builder("galerne.usage.unrecorded")
            .description("Ledger lines that could not be written and are only in the log")
            .register(meters);
  }

  @Override
  public void record(UsageRecord usage) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      insert(usage); // what failed within a transaction can only be tried again as a whole
      return;
    }
    try {
      retries.invoke(() -> insert(usage));
    } catch (DataAccessException | TransactionException e) {
      unrecorded.increment();
      log.error("usage not recorded, add it by hand: {}", usage, e);
      throw new UsageNotRecordedException(usage, e);
    }
  }

  private void insert(UsageRecord usage) {
    UUID tenant = usage.caller().tenantId();
    UsageSource source = usage.source();
    Price price = prices.priceOf(source.pricedAs(), usage.startedAt());
    Cost cost = price.cost(usage.tokens(), source.serviceClass());
    transactions.runInTenant(
        tenant,
        () -> {
          int lines = line(usage, price, cost);
          postings.forEach(posting -> posting.posted(usage, cost, lines > 0));
        });
  }

  private int line(UsageRecord usage, Price price, Cost cost) {
    UUID tenant = usage.caller().tenantId();
    UsageSource source = usage.source();
    return jdbc.sql(RECORD)
        .param("tenant", tenant)
        .param("lock", LedgerLock.of(tenant))
        .param("request", usage.requestId())
        .param("workspace", usage.caller().workspaceId())
        .param("key", usage.caller().apiKeyId())
        .param("service", source.service().name())
        .param("class", source.serviceClass().name())
        .param("stream", source.stream())
        .param("model", source.model())
        .param("pricedAs", source.pricedAs())
        .param("priceVersion", price.version(), Types.BIGINT)
        .param("digest", source.weightsDigest())
        .param("policy", source.policyVersion(), Types.VARCHAR)
        .param("prompt", usage.tokens().prompt())
        .param("cached", usage.tokens().cachedPrompt())
        .param("completion", usage.tokens().completion())
        .param("picos", cost.picos())
        .param("micros", cost.micros())
        .param("outcome", usage.outcome().name())
        .param("started", Timestamp.from(usage.startedAt()))
        .param("ended", Timestamp.from(usage.endedAt()))
        .update();
  }
}
