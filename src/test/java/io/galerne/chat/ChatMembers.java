package io.galerne.chat;

import io.galerne.audit.Actor;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.TenantRegistry;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tenants with a workspace, and members of them. */
@TestComponent
class ChatMembers {
  private final TenantRegistry registry;
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  ChatMembers(TenantRegistry registry, TenantTransactions transactions, JdbcClient jdbc) {
    this.registry = registry;
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  UUID tenant() {
    UUID tenant = UUID.randomUUID();
    registry.registerTenant(tenant, "Tenant");
    registry.registerWorkspace(tenant, UUID.randomUUID(), "Workspace");
    return tenant;
  }

  Chatter memberOf(UUID tenant) {
    return memberOf(tenant, "m" + UUID.randomUUID() + "@example.org");
  }

  Chatter memberOf(UUID tenant, String email) {
    UUID member = UUID.randomUUID();
    transactions.runInTenant(
        tenant,
        () ->
            jdbc.sql("insert into member values (?, ?, ?, 'Ada', 'Colleague', now())")
                .params(tenant, member, email)
                .update());
    return new Chatter(
        new TenantAdmin(
            tenant,
            member,
            member,
            Set.of(),
            Map.of(),
            new Actor(Actor.Kind.MEMBER, member, null, null)));
  }
}
