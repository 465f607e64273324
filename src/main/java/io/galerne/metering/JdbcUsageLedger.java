package io.galerne.metering;

import io.galerne.database.TenantTransactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Duration;
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

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final RetryTemplate retries;
  private final Counter unrecorded;

  @Autowired
  JdbcUsageLedger(TenantTransactions transactions, JdbcClient jdbc, MeterRegistry meters) {
    this(transactions, jdbc, meters, DEFAULT_RETRIES);
  }

  JdbcUsageLedger(
      TenantTransactions transactions,
      JdbcClient jdbc,
      MeterRegistry meters,
      RetryPolicy retryPolicy) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.retries = new RetryTemplate(retryPolicy);
    this.unrecorded =
        Counter.builder("galerne.usage.unrecorded")
            .description("Ledger lines that could not be written and are only in the log")
            .register(meters);
  }

  @Override
  public void record(UsageRecord usage) {
    try {
      retries.invoke(() -> insert(usage));
    } catch (DataAccessException | TransactionException e) {
      unrecorded.increment();
      log.error("usage not recorded, add it by hand: {}", usage, e);
      throw new UsageNotRecordedException(usage, e);
    }
  }

  private void insert(UsageRecord usage) {
    transactions.runInTenant(
        usage.caller().tenantId(),
        () ->
            jdbc.sql(
                    """
                    insert into usage_event (request_id, tenant_id, workspace_id, api_key_id,
                        model, weights_digest, prompt_tokens, completion_tokens, outcome,
                        started_at, ended_at)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    on conflict do nothing
                    """)
                .params(
                    usage.requestId(),
                    usage.caller().tenantId(),
                    usage.caller().workspaceId(),
                    usage.caller().apiKeyId(),
                    usage.model(),
                    usage.weightsDigest(),
                    usage.promptTokens(),
                    usage.completionTokens(),
                    usage.outcome().name(),
                    Timestamp.from(usage.startedAt()),
                    Timestamp.from(usage.endedAt()))
                .update());
  }
}
