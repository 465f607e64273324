package io.galerne.database;

import java.util.List;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Refuses to start where row level security would not hold: it does not bind superusers, roles with
 * BYPASSRLS and, in part, owners.
 */
@Component
@DependsOnDatabaseInitialization
final class RuntimeRoleGuard implements InitializingBean {
  private static final String REMEDY =
      "Let the pool's connections work as the role that the migrations made for it:"
          + " spring.datasource.hikari.connection-init-sql=set role galerne_app (the default)."
          + " That role must be no superuser, have no BYPASSRLS and own no table.";

  private final JdbcClient jdbc;

  RuntimeRoleGuard(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Role(String name, boolean superuser, boolean bypassesRowSecurity) {}

  @Override
  public void afterPropertiesSet() {
    Role role =
        jdbc.sql(
                """
                select rolname as name, rolsuper as superuser, rolbypassrls as bypasses_row_security
                from pg_roles where rolname = current_user
                """)
            .query(Role.class)
            .single();
    String who = "The application works in the database as " + role.name();
    if (role.superuser()) {
      throw new DatabaseSetupException(
          who + ", a superuser: it would see every tenant's rows.", REMEDY);
    }
    if (role.bypassesRowSecurity()) {
      throw new DatabaseSetupException(
          who + ", which has BYPASSRLS: it would see every tenant's rows.", REMEDY);
    }
    List<String> owned = TenantTables.ownedByCurrentUser(jdbc);
    if (!owned.isEmpty()) {
      throw new DatabaseSetupException(
          who + ", which owns " + owned + ": it could switch their protection off.", REMEDY);
    }
    List<String> unprotected = TenantTables.unprotected(jdbc);
    if (!unprotected.isEmpty()) {
      throw new DatabaseSetupException(
          "These show tenants' rows without forced row level security: " + unprotected + ".",
          "Add the missing statements in a migration: enable and force row level security, and a"
              + " policy on tenant_id; for a view, security_invoker.");
    }
  }
}
