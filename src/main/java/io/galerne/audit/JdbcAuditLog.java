package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/** The trail as a table, numbered without gaps for each tenant. */
@Component
class JdbcAuditLog implements AuditLog {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final Clock clock;

  JdbcAuditLog(TenantTransactions transactions, JdbcClient jdbc, JsonMapper json, Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public void record(AuditEntry entry) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("an audit entry needs the transaction of what it is about");
    }
    transactions.runInTenant(entry.tenantId(), () -> insert(entry));
  }

  private void insert(AuditEntry entry) {
    long seq =
        jdbc.sql(
                """
                insert into audit_head as head (tenant_id, seq) values (?, 1)
                on conflict (tenant_id) do update set seq = head.seq + 1
                returning seq
                """)
            .param(entry.tenantId())
            .query(Long.class)
            .single();
    jdbc.sql(
            """
            insert into audit_event (tenant_id, seq, id, at, actor_kind, actor_id, action,
                target_type, target_id, workspace_id, details, request_id, address)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?::inet)
            """)
        .param(entry.tenantId())
        .param(seq)
        .param(UUID.randomUUID())
        .param(Timestamp.from(clock.instant().truncatedTo(ChronoUnit.MICROS)))
        .param(entry.actor().kind().name())
        .param(entry.actor().id())
        .param(entry.action())
        .param(entry.targetType())
        .param(entry.targetId())
        .param(entry.workspaceId())
        .param(json.writeValueAsString(entry.details()))
        .param(entry.actor().requestId())
        .param(entry.actor().address())
        .update();
  }
}
