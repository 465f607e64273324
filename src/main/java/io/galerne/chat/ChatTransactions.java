package io.galerne.chat;

import io.galerne.database.TenantTransactions;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The ways to conversations: as their member, as a colleague with whom one is shared, or as the
 * keeper of a tenant's conversations. Row level security shows what the way allows.
 */
@Component
class ChatTransactions {
  private final TenantTransactions tenants;
  private final JdbcClient jdbc;

  ChatTransactions(TenantTransactions tenants, JdbcClient jdbc) {
    this.tenants = tenants;
    this.jdbc = jdbc;
  }

  /** The member's own conversations. */
  <T extends @Nullable Object> T as(Chatter chatter, Supplier<T> work) {
    return with(chatter.tenantId(), "galerne.chat_member", chatter.memberId().toString(), work);
  }

  /** One conversation that somebody of the tenant shares, to read. */
  <T extends @Nullable Object> T reading(UUID tenantId, UUID shareId, Supplier<T> work) {
    return with(tenantId, "galerne.chat_share", shareId.toString(), work);
  }

  /** All conversations of a tenant, to take away or to seal. */
  <T extends @Nullable Object> T keeping(UUID tenantId, Supplier<T> work) {
    return with(tenantId, "galerne.chat_keeper", "on", work);
  }

  /** What belongs to the tenant as a whole. */
  <T extends @Nullable Object> T inTenant(UUID tenantId, Supplier<T> work) {
    return tenants.inTenant(tenantId, work);
  }

  private <T extends @Nullable Object> T with(
      UUID tenantId, String setting, String value, Supplier<T> work) {
    return tenants.inTenant(
        tenantId,
        () -> {
          TenantTransactions.setForTransaction(jdbc, setting, value);
          return work.get();
        });
  }
}
