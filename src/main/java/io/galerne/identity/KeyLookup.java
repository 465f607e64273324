package io.galerne.identity;

import io.galerne.database.TenantTransactions;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds a key before its tenant is known. Row level security stays in force: the transaction says
 * which hash was presented, and a policy shows that one row to it.
 */
@Component
class KeyLookup {
  /** Writing the time of every use would make each request an update. */
  private static final Duration LAST_USE_PRECISION = Duration.ofMinutes(1);

  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;
  private final ApiKeys keys;

  KeyLookup(PlatformTransactionManager transactionManager, JdbcClient jdbc, ApiKeys keys) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.keys = keys;
  }

  record Found(Caller caller, @Nullable Instant expiresAt, @Nullable Instant revokedAt) {}

  Optional<Found> byHash(String hash, Instant now) {
    return transactions.execute(
        _ -> {
          TenantTransactions.setForTransaction(jdbc, "galerne.key_hash", hash);
          Optional<ApiKey> key = keys.findByKeyHash(hash);
          key.ifPresent(found -> noteUse(found, now));
          return key.map(found -> new Found(found.caller(), found.expiresAt(), found.revokedAt()));
        });
  }

  /** Not through the aggregate: a use is no edit, and must not collide with one. */
  private void noteUse(ApiKey key, Instant now) {
    Instant last = key.lastUsedAt();
    if (last != null && last.plus(LAST_USE_PRECISION).isAfter(now)) {
      return;
    }
    Caller caller = key.caller();
    TenantTransactions.setForTransaction(jdbc, "galerne.tenant", caller.tenantId().toString());
    jdbc.sql("update api_key set last_used_at = ? where tenant_id = ? and id = ?")
        .params(Timestamp.from(now), caller.tenantId(), caller.apiKeyId())
        .update();
  }
}
