package io.galerne.identity;

import io.galerne.database.TenantTransactions;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds a key before its tenant is known. Row level security stays in force: the transaction says
 * which hash was presented, a policy shows that one row to it, and the row names the tenant.
 */
@Component
class KeyLookup {
  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  KeyLookup(PlatformTransactionManager transactionManager, JdbcClient jdbc) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
  }

  /** A key with all that decides whether it is good. */
  record Found(
      Caller caller,
      @Nullable Instant expiresAt,
      @Nullable Instant revokedAt,
      boolean archived,
      boolean suspended) {}

  Optional<Found> byHash(String hash) {
    return transactions.execute(
        _ -> {
          TenantTransactions.setForTransaction(jdbc, "galerne.key_hash", hash);
          Optional<UUID> tenant =
              jdbc.sql("select tenant_id from api_key where key_hash = ?")
                  .param(hash)
                  .query(UUID.class)
                  .optional();
          return tenant.map(id -> read(id, hash));
        });
  }

  private Found read(UUID tenantId, String hash) {
    TenantTransactions.setForTransaction(jdbc, "galerne.tenant", tenantId.toString());
    return jdbc.sql(
            """
            select k.*, w.archived_at is not null as archived, t.suspended_at is not null as suspended
            from api_key k
              join workspace w on w.tenant_id = k.tenant_id and w.id = k.workspace_id
              join tenant t on t.tenant_id = k.tenant_id
            where k.key_hash = ?
            """)
        .param(hash)
        .query((row, _) -> found(row))
        .single();
  }

  private static Found found(ResultSet row) throws SQLException {
    KeyScope scope =
        new KeyScope(texts(row, "models"), texts(row, "endpoints"), texts(row, "networks"));
    return new Found(
        new Caller(
            row.getObject("tenant_id", UUID.class),
            row.getObject("workspace_id", UUID.class),
            row.getObject("id", UUID.class),
            scope),
        instant(row, "expires_at"),
        instant(row, "revoked_at"),
        row.getBoolean("archived"),
        row.getBoolean("suspended"));
  }

  static List<String> texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return List.of((String[]) array.getArray());
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
