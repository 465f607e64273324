package io.galerne.signin;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.People.Reference;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which people operate the platform, beside their place in an organisation. */
@Component
class Operators {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final AuditLog audit;
  private final Clock clock;

  Operators(TenantTransactions transactions, JdbcClient jdbc, AuditLog audit, Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.audit = audit;
    this.clock = clock;
  }

  void appoint(Reference person, Actor actor) {
    transactions.runInTenant(
        person.tenantId(),
        () -> {
          int added =
              jdbc.sql("insert into platform_operator values (?, ?, ?) on conflict do nothing")
                  .params(person.tenantId(), person.memberId(), Timestamp.from(clock.instant()))
                  .update();
          if (added > 0) {
            audit.record(
                AuditEntry.of(
                    person.tenantId(),
                    actor,
                    "platform.operator.appoint",
                    "USER",
                    person.memberId()));
          }
        });
  }
}
