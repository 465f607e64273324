package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/** The trail as a table, numbered without gaps for each tenant, each row's hash over the last. */
@Component
class JdbcAuditLog implements AuditLog {
  private final TenantTransactions transactions;
  private final ChainStore chains;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final Clock clock;

  JdbcAuditLog(
      TenantTransactions transactions,
      ChainStore chains,
      JdbcClient jdbc,
      JsonMapper json,
      Clock clock) {
    this.transactions = transactions;
    this.chains = chains;
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
    UUID id = UUID.randomUUID();
    Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String details = json.writeValueAsString(new TreeMap<>(entry.details()));
    SortedMap<String, String> content = new TreeMap<>();
    ChainLink.put(content, "id", id);
    ChainLink.put(content, "at", at);
    ChainLink.put(content, "actor_kind", entry.actor().kind());
    ChainLink.put(content, "actor_id", entry.actor().id());
    ChainLink.put(content, "action", entry.action());
    ChainLink.put(content, "target_type", entry.targetType());
    ChainLink.put(content, "target_id", entry.targetId());
    ChainLink.put(content, "workspace_id", entry.workspaceId());
    ChainLink.put(content, "details", details);
    ChainLink.put(content, "request_id", entry.actor().requestId());
    ChainLink.put(content, "address", entry.actor().address());
    chains.append(
        entry.tenantId(),
        Trail.EVENTS,
        content,
        (seq, hash) ->
            jdbc.sql(
                    """
                    insert into audit_event (tenant_id, seq, id, at, actor_kind, actor_id, action,
                        target_type, target_id, workspace_id, details, request_id, address, hash)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
                .param(1, entry.tenantId())
                .param(2, seq)
                .param(3, id)
                .param(4, Timestamp.from(at))
                .param(5, entry.actor().kind().name())
                .param(6, entry.actor().id(), Types.OTHER)
                .param(7, entry.action())
                .param(8, entry.targetType())
                .param(9, entry.targetId(), Types.VARCHAR)
                .param(10, entry.workspaceId(), Types.OTHER)
                .param(11, details)
                .param(12, entry.actor().requestId(), Types.OTHER)
                .param(13, entry.actor().address(), Types.VARCHAR)
                .param(14, hash)
                .update());
  }
}
