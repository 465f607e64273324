package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the migrations leave in the database, read from its catalogue. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class DatabaseCatalogueIntegrationTests {
  @Autowired JdbcClient jdbc;
  @Autowired TestDatabase.Database database;

  @Test
  void everyTenantTableForcesRowSecurity() {
    assertThat(TenantTables.unprotected(jdbc)).isEmpty();
    assertThat(tenantTables())
        .contains("tenant", "workspace", "api_key", "usage_event", "stored_file", "batch_line");
  }

  @Test
  void aNewTableWithoutPolicyIsFound() throws SQLException {
    asOwner("create table planted (tenant_id uuid, secret text)");
    try {
      assertThat(TenantTables.unprotected(jdbc)).containsExactly("planted");
      asOwner("alter table planted enable row level security");
      asOwner("create policy p on planted using (true)");
      assertThat(TenantTables.unprotected(jdbc)).containsExactly("planted"); // not forced
      asOwner("alter table planted force row level security");
      assertThat(TenantTables.unprotected(jdbc)).isEmpty();
    } finally {
      asOwner("drop table planted");
    }
  }

  @Test
  void aViewThatReadsWithItsOwnersRightsIsFound() throws SQLException {
    asOwner("create view planted_view as select name from tenant");
    try {
      assertThat(TenantTables.unprotected(jdbc)).containsExactly("planted_view");
      asOwner("alter view planted_view set (security_invoker = false)");
      assertThat(TenantTables.unprotected(jdbc)).containsExactly("planted_view");
      asOwner("alter view planted_view set (security_invoker = on)");
      assertThat(TenantTables.unprotected(jdbc)).isEmpty();
    } finally {
      asOwner("drop view planted_view");
    }
    asOwner("create materialized view planted_view as select name from tenant");
    try {
      assertThat(TenantTables.unprotected(jdbc)).containsExactly("planted_view");
    } finally {
      asOwner("drop materialized view planted_view");
    }
  }

  @Test
  void poolWorksAsTheRuntimeRole() {
    assertThat(jdbc.sql("select current_user").query(String.class).single())
        .isEqualTo(EmbeddedDatabase.RUNTIME);
    assertThat(TenantTables.ownedByCurrentUser(jdbc)).isEmpty();
  }

  private List<String> tenantTables() {
    return jdbc.sql(
            "select distinct table_name::text from information_schema.columns"
                + " where column_name = 'tenant_id' and table_schema = current_schema()")
        .query((row, _) -> row.getString(1))
        .list();
  }

  private void asOwner(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), EmbeddedDatabase.OWNER, TestDatabase.OWNER_PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
