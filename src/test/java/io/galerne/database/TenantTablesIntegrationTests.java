package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * All tables of tenants, as the catalogue lists them, over a pool of one connection that two
 * tenants take turns with.
 */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.MOCK,
    properties = "spring.datasource.hikari.maximum-pool-size=1")
@Import(TestDatabase.class)
class TenantTablesIntegrationTests {
  private static final int TURNS = 10_000;

  @Autowired TenantTransactions transactions;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired JdbcClient jdbc;

  private final UUID[] tenants = {UUID.randomUUID(), UUID.randomUUID()};

  @BeforeEach
  void setUp() {
    for (UUID tenant : tenants) {
      UUID workspace = UUID.randomUUID();
      registry.registerTenant(tenant, "T");
      registry.registerWorkspace(tenant, workspace, "W");
      keys.issue(tenant, workspace, "k", null);
    }
  }

  @Test
  void noTableShowsOrGivesAwayAForeignRow() {
    List<String> tables = tables();
    assertThat(tables).contains("member", "audit_event", "idempotency_record", "usage_event");
    for (String table : tables) {
      for (UUID tenant : tenants) {
        long foreign =
            transactions.inTenant(
                tenant,
                () ->
                    jdbc.sql("select count(*) from " + table + " where tenant_id <> ?")
                        .param(tenant)
                        .query(Long.class)
                        .single());
        assertThat(foreign).as(table).isZero();
      }
      assertThat(jdbc.sql("select count(*) from " + table).query(Long.class).single())
          .as(table + " without a tenant")
          .isZero();
    }
    assertThat(count(tenants[0], "audit_event")).isPositive(); // the control: there are rows
  }

  /** Views read with the rights of who asks, not of their owner, who escapes nothing by them. */
  @Test
  void viewsAskWithTheRightsOfTheirReader() {
    List<String> unsafe =
        jdbc.sql(
                """
                select c.relname from pg_class c
                where c.relnamespace = current_schema()::regnamespace
                  and (c.relkind = 'm' or (c.relkind = 'v'
                    and not coalesce(c.reloptions @> array['security_invoker=true'], false)))
                """)
            .query((row, _) -> row.getString(1))
            .list();
    assertThat(unsafe).isEmpty();
  }

  @Test
  void tenThousandTurnsWithFailuresShowNoForeignRow() {
    int failures = 0;
    long foreign = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      UUID tenant = tenants[turn % 2];
      Turn kind = Turn.of(turn);
      try {
        foreign +=
            transactions.inTenant(
                tenant,
                () -> {
                  long seen =
                      jdbc.sql("select count(*) from api_key where tenant_id <> ?")
                          .param(tenant)
                          .query(Long.class)
                          .single();
                  fail(kind);
                  return seen;
                });
      } catch (DataAccessException | IllegalStateException e) {
        failures++;
      }
      if (turn % 10 == 0) {
        foreign += jdbc.sql("select count(*) from api_key").query(Long.class).single();
      }
    }
    assertThat(foreign).isZero();
    assertThat(failures).isBetween(TURNS / 4, TURNS / 2);
  }

  private enum Turn {
    COMMIT,
    EXCEPTION,
    BROKEN_SQL,
    TIMEOUT;

    static Turn of(int turn) {
      if (turn % 500 == 7) {
        return TIMEOUT;
      }
      return turn % 5 == 1 ? EXCEPTION : turn % 7 == 3 ? BROKEN_SQL : COMMIT;
    }
  }

  private void fail(Turn kind) {
    switch (kind) {
      case COMMIT -> {}
      case EXCEPTION -> throw new IllegalStateException("on purpose");
      case BROKEN_SQL -> jdbc.sql("select 1 / 0").query(Integer.class).single();
      case TIMEOUT -> {
        jdbc.sql("set local statement_timeout = 5").update();
        jdbc.sql("select pg_sleep(5)").query().singleValue();
      }
    }
  }

  private List<String> tables() {
    return jdbc.sql(
            """
            select c.relname from pg_class c
              join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
            where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v')
              and not c.relispartition and not a.attisdropped
              and has_table_privilege(c.oid, 'select')
            order by 1
            """)
        .query((row, _) -> row.getString(1))
        .list();
  }

  private long count(UUID tenant, String table) {
    return transactions.inTenant(
        tenant, () -> jdbc.sql("select count(*) from " + table).query(Long.class).single());
  }
}
