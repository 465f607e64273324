package io.galerne.signin;

import io.galerne.database.TenantTransactions;
import io.galerne.secrets.SealedColumn;
import io.galerne.secrets.SealedRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Secrets of authenticator apps, under the platform's key-encryption key. */
@Component
class TotpSecrets extends SealedRows implements SealedColumn {
  TotpSecrets(
      TenantTransactions tenants, PlatformTransactionManager transactionManager, JdbcClient jdbc) {
    super(
        "person_credential",
        "member_id",
        "totp_secret",
        "galerne.secrets_keeper",
        tenants,
        transactionManager,
        jdbc);
  }
}
