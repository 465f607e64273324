package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two tenants in one database, asked with the WHERE clauses gone. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.MOCK,
    properties = "spring.datasource.hikari.maximum-pool-size=1")
@Import(TestDatabase.class)
class TenantIsolationIntegrationTests {
  private static final String[] TABLES = {"tenant", "workspace", "api_key"};

  @Autowired TenantTransactions transactions;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired JdbcClient jdbc;
  @Autowired TestDatabase.Database database;

  private final UUID a = UUID.randomUUID();
  private final UUID b = UUID.randomUUID();
  private final UUID workspaceOfB = UUID.randomUUID();

  @BeforeEach
  void setUp() {
    registry.registerTenant(a, "A");
    registry.registerTenant(b, "B");
    registry.registerWorkspace(a, UUID.randomUUID(), "of A");
    registry.registerWorkspace(b, workspaceOfB, "of B");
    keys.issue(b, workspaceOfB, "of B", null);
  }

  @Test
  void queriesWithoutWhereSeeOwnRowsOnly() {
    assertThat(count(a, "tenant")).isEqualTo(1);
    assertThat(count(a, "workspace")).isEqualTo(1);
    assertThat(count(a, "api_key")).isZero();
    assertThat(count(b, "api_key")).isEqualTo(1);
  }

  @Test
  void withoutTenantThereIsNothing() {
    for (String table : TABLES) {
      assertThat(jdbc.sql("select count(*) from " + table).query(Long.class).single())
          .as(table)
          .isZero();
    }
  }

  @Test
  void foreignRowsCannotBeWritten() {
    assertThatThrownBy(
            () ->
                transactions.runInTenant(
                    a,
                    () ->
                        jdbc.sql("insert into workspace values (?, ?, 'planted', now(), 0)")
                            .params(b, UUID.randomUUID())
                            .update()))
        .isInstanceOf(DataAccessException.class)
        .hasStackTraceContaining("row-level security");
    int changed =
        transactions.inTenant(a, () -> jdbc.sql("update workspace set name = 'hacked'").update());
    assertThat(changed).isEqualTo(1);
    assertThat(
            transactions.inTenant(
                b, () -> jdbc.sql("select name from workspace").query(String.class).single()))
        .isEqualTo("of B");
    assertThatThrownBy(
            () -> transactions.inTenant(a, () -> jdbc.sql("delete from workspace").update()))
        .hasStackTraceContaining("permission denied");
  }

  /** One connection serves both tenants in turn, with failures in between. */
  @Test
  void theTenantEndsWithItsTransaction() {
    for (int i = 0; i < 500; i++) {
      boolean fail = i % 3 == 0;
      try {
        transactions.runInTenant(
            b,
            () -> {
              if (fail) {
                throw new IllegalStateException("on purpose");
              }
            });
      } catch (IllegalStateException e) {
        assertThat(fail).isTrue();
      }
      assertThat(jdbc.sql("select count(*) from workspace").query(Long.class).single()).isZero();
      assertThat(count(a, "api_key")).isZero();
    }
  }

  @Test
  void aTransactionBelongsToOneTenant() {
    assertThatThrownBy(
            () -> transactions.runInTenant(a, () -> transactions.runInTenant(b, () -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(b.toString());
    assertThat(transactions.inTenant(a, () -> count(a, "workspace"))).isEqualTo(1);
  }

  /** The control: what hides the rows is row level security and nothing else. */
  @Test
  void withRowSecurityOffTheSameQuerySeesBoth() throws SQLException {
    try (Connection owner =
            DriverManager.getConnection(
                database.url(), EmbeddedDatabase.OWNER, TestDatabase.OWNER_PASSWORD);
        Statement statement = owner.createStatement()) {
      assertThat(countAsOwner(statement, "workspace")).isZero(); // forced: binds the owner too
      owner.setAutoCommit(false);
      statement.execute("alter table workspace disable row level security");
      assertThat(countAsOwner(statement, "workspace")).isGreaterThanOrEqualTo(2);
      owner.rollback();
    }
  }

  private static long countAsOwner(Statement statement, String table) throws SQLException {
    try (ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private long count(UUID tenant, String table) {
    return transactions.inTenant(
        tenant, () -> jdbc.sql("select count(*) from " + table).query(Long.class).single());
  }
}
