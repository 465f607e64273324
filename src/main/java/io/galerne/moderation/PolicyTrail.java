package io.galerne.moderation;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.moderation.PolicyOutcome.Done;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Changes of policies together with their rows in the tenant's trail. */
@Component
class PolicyTrail {
  private final TenantTransactions transactions;
  private final AuditLog log;
  private final EffectivePolicies effective;

  PolicyTrail(TenantTransactions transactions, AuditLog log, EffectivePolicies effective) {
    this.transactions = transactions;
    this.log = log;
    this.effective = effective;
  }

  /**
   * Does the work; if it changed something, that is on the trail.
   *
   * @param describe adds what came of it to the entry
   */
  <T> PolicyOutcome<T> change(
      TenantAdmin admin,
      String action,
      UUID policy,
      BiFunction<AuditEntry, T, AuditEntry> describe,
      Supplier<PolicyOutcome<T>> work) {
    PolicyOutcome<T> outcome =
        transactions.inTenant(
            admin.tenantId(),
            () -> {
              PolicyOutcome<T> done = work.get();
              if (done instanceof Done<T>(T value)) {
                AuditEntry entry =
                    AuditEntry.of(admin.tenantId(), admin.actor(), action, "POLICY", policy);
                log.record(describe.apply(entry, value));
              }
              return done;
            });
    effective.changed(admin.tenantId()); // only now it is there for everybody
    return outcome;
  }
}
