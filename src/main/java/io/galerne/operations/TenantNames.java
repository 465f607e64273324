package io.galerne.operations;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How tenants are called. */
@Component
class TenantNames {
  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  TenantNames(PlatformTransactionManager transactionManager, JdbcClient jdbc) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
  }

  /** The names of those that there are, by id. */
  Map<String, String> of(PlatformOperator operator, Stream<String> ids) {
    UUID[] known =
        ids.distinct().map(Typed::id).filter(id -> !id.equals(new UUID(0, 0))).toArray(UUID[]::new);
    Map<String, String> names = new HashMap<>();
    if (known.length > 0) {
      transactions.executeWithoutResult(
          _ -> {
            TenantTransactions.setForTransaction(jdbc, "galerne.operator", "on");
            jdbc.sql("select tenant_id, name from tenant where tenant_id = any (?)")
                .param(known)
                .query(
                    row -> {
                      names.put(row.getString("tenant_id"), row.getString("name"));
                    });
          });
    }
    return names;
  }
}
