package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Runs a change or a sensitive read together with its row: both happen, or neither. */
@Component
public class AuditedWork {
  private final TenantTransactions transactions;
  private final AuditLog log;

  AuditedWork(TenantTransactions transactions, AuditLog log) {
    this.transactions = transactions;
    this.log = log;
  }

  /** Does the work in a transaction of the entry's tenant. */
  public <T> T inTrail(AuditEntry entry, Supplier<T> work) {
    return transactions.inTenant(
        entry.tenantId(),
        () -> {
          T done = work.get();
          log.record(entry);
          return done;
        });
  }

  /** As {@link #inTrail}, for work without a result. */
  public void runInTrail(AuditEntry entry, Runnable work) {
    transactions.runInTenant(
        entry.tenantId(),
        () -> {
          work.run();
          log.record(entry);
        });
  }
}
