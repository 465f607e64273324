package io.galerne.moderation;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditEvents;
import io.galerne.audit.AuditLog;
import io.galerne.audit.PlatformTrail;
import io.galerne.database.TenantTransactions;
import java.util.Set;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Notes at a start with another floor than before that the operator changed it. */
@Component
@DependsOnDatabaseInitialization
class FloorTrail {
  private static final String ACTION = "policy.floor.update";
  private static final String VERSION = "version";
  private static final String NONE = "none";

  FloorTrail(
      OperatorFloor floor,
      TenantTransactions transactions,
      JdbcClient jdbc,
      AuditEvents events,
      AuditLog log) {
    String now = floor.policy().map(CompiledPolicy::origin).orElse(NONE);
    transactions.runInTenant(
        PlatformTrail.ID,
        () -> {
          jdbc.sql("select pg_advisory_xact_lock(hashtext('galerne.floor'))").query().listOfRows();
          if (!now.equals(last(events))) {
            log.record(
                AuditEntry.of(PlatformTrail.ID, Actor.system(), ACTION, "POLICY", PlatformTrail.ID)
                    .with(VERSION, now));
          }
        });
  }

  private static String last(AuditEvents events) {
    AuditEvents.Filter filter =
        new AuditEvents.Filter(Set.of(), Set.of(ACTION), Set.of(), null, null, null, null);
    return events.find(PlatformTrail.ID, filter, false, 1).stream()
        .findFirst()
        .map(event -> String.valueOf(event.entry().details().get(VERSION)))
        .orElse(NONE);
  }
}
