package io.galerne.chat;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tenants' pictures; they lie with the other decisions about their chats. */
@Component
class Logos {
  private final ChatTransactions transactions;
  private final JdbcClient jdbc;
  private final AuditLog audit;

  Logos(ChatTransactions transactions, JdbcClient jdbc, AuditLog audit) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.audit = audit;
  }

  Optional<Logo> of(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql(
                    "select logo_type, logo from chat_setting"
                        + " where tenant_id = ? and logo is not null")
                .param(tenantId)
                .query((row, _) -> new Logo(row.getString("logo_type"), row.getBytes("logo")))
                .optional());
  }

  /** Sets the picture of a tenant whose other settings are saved; null takes it away. */
  void save(UUID tenantId, Actor actor, @Nullable Logo logo) {
    transactions.inTenant(
        tenantId,
        () -> {
          jdbc.sql("update chat_setting set logo = ?, logo_type = ? where tenant_id = ?")
              .params(
                  Arrays.asList(
                      logo == null ? null : logo.bytes(),
                      logo == null ? null : logo.type(),
                      tenantId))
              .update();
          audit.record(
              AuditEntry.of(tenantId, actor, "chat_logo.update", "CHAT", tenantId)
                  .with("bytes", logo == null ? 0 : logo.bytes().length));
          return null;
        });
  }
}
