package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import io.galerne.secrets.RotationWitness;
import java.time.Clock;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Changes of the key for secrets in the platform's trail; the command line has no server. */
@Component
class RotationTrail implements RotationWitness {
  private static final String TARGET = "SECRETS_KEY";

  private final TenantTransactions transactions;
  private final AuditLog log;

  RotationTrail(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.log =
        new JdbcAuditLog(
            transactions, new ChainStore(jdbc), jdbc, new JsonMapper(), Clock.systemUTC());
  }

  @Override
  public void begins(String key, boolean isNew) {
    record(entry("secrets.rotation.begin", key).with("new_key", isNew));
  }

  @Override
  public void ended(String key, long changed, boolean complete) {
    record(entry("secrets.rotation.end", key).with("changed", changed).with("complete", complete));
  }

  /** Whoever has the machine's command line has no name here but the one on the machine. */
  private static AuditEntry entry(String action, String key) {
    return new AuditEntry(PlatformTrail.ID, Actor.system(), action, TARGET, key, null, Map.of())
        .with("machine_user", System.getProperty("user.name", ""));
  }

  private void record(AuditEntry entry) {
    transactions.runInTenant(PlatformTrail.ID, () -> log.record(entry));
  }
}
