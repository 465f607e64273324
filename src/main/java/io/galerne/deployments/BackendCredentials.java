package io.galerne.deployments;

import io.galerne.database.TenantTransactions;
import io.galerne.secrets.SealedColumn;
import io.galerne.secrets.SealedRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** What deployments are known to their backends by, under the platform's key-encryption key. */
@Component
class BackendCredentials extends SealedRows implements SealedColumn {
  BackendCredentials(
      TenantTransactions tenants, PlatformTransactionManager transactionManager, JdbcClient jdbc) {
    super(
        "deployment", "id", "credential", "galerne.deployments", tenants, transactionManager, jdbc);
  }
}
