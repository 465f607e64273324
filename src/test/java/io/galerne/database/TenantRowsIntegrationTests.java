package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/**
 * Every table of tenants that the catalogue knows, with rows of two tenants in it, read, changed
 * and emptied without a WHERE clause by the role that the application works as.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class TenantRowsIntegrationTests {
  private static final UUID OWN = UUID.randomUUID();
  private static final UUID FOREIGN = UUID.randomUUID();

  /** Whose rows they are where a table keeps a tenant's members apart too; of both tenants. */
  private static final UUID MEMBER = UUID.randomUUID();

  @Autowired TestDatabase.Database database;

  /** Nothing of it stays: all of it happens in one transaction that is rolled back. */
  @Test
  void withoutWhereOnlyOnesOwnRowsAreThere() throws SQLException {
    try (Connection connection = OwnerDatabase.connect(database);
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      List<String> tables = tables(sql);
      assertThat(tables)
          .contains(
              "api_key",
              "usage_event",
              "budget",
              "reservation",
              "batch_line",
              "moderation_policy",
              "invoice",
              "usage_outbox",
              "audit_checkpoint",
              "answer_content",
              "content_key");
      sql.execute("set session_replication_role = replica"); // neither triggers nor foreign keys
      for (String table : tables) {
        fill(sql, table);
        assertThat(count(sql, table, FOREIGN)).as("control: " + table).isEqualTo(1);
      }
      sql.execute("set local role galerne_app");
      for (String table : tables) {
        assertThat(count(sql, table, null)).as(table + " without a tenant").isZero();
      }
      sql.execute("select set_config('galerne.tenant', '" + OWN + "', true)");
      sql.execute("select set_config('galerne.chat_member', '" + MEMBER + "', true)");
      List<String> leaks = new ArrayList<>();
      for (String table : tables) {
        if (count(sql, table, OWN) != 1 || count(sql, table, null) != 1) {
          leaks.add("select from " + table);
        }
        if (may(sql, table, "update")
            && changed(sql, "update %s set tenant_id = tenant_id", table) != 1) {
          leaks.add("update " + table);
        }
        if (may(sql, table, "delete") && changed(sql, "delete from %s", table) != 1) {
          leaks.add("delete from " + table);
        }
      }
      assertThat(leaks).isEmpty();
      sql.execute("reset role");
      for (String table : tables) {
        assertThat(count(sql, table, FOREIGN)).as("still there: " + table).isEqualTo(1);
      }
      connection.rollback();
    }
  }

  private static List<String> tables(Statement sql) throws SQLException {
    return texts(
        sql,
        """
        select c.relname from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
          and not c.relispartition and not a.attisdropped
          and has_table_privilege('galerne_app', c.oid, 'select')
        order by 1
        """);
  }

  /** One row for each tenant: whatever the columns' types take, since no check is left. */
  private static void fill(Statement sql, String table) throws SQLException {
    for (String check :
        texts(
            sql,
            "select conname from pg_constraint where contype = 'c' and conrelid = '%s'::regclass"
                .formatted(table))) {
      sql.execute("alter table %s drop constraint \"%s\"".formatted(table, check));
    }
    Map<String, String> columns = new LinkedHashMap<>();
    try (ResultSet rows =
        sql.executeQuery(
            """
            select attname, format_type(atttypid, null) as type from pg_attribute
            where attrelid = '%s'::regclass and attnum > 0 and not attisdropped and attnotnull
              and attidentity = '' and attgenerated = '' and attname <> 'tenant_id'
            """
                .formatted(table))) {
      while (rows.next()) {
        String column = rows.getString("attname");
        columns.put(
            column,
            column.equals("member_id") ? "'" + MEMBER + "'" : value(rows.getString("type")));
      }
    }
    for (UUID tenant : List.of(OWN, FOREIGN)) {
      List<String> names = new ArrayList<>(columns.keySet());
      names.add("tenant_id");
      List<String> values = new ArrayList<>(columns.values());
      values.add("'" + tenant + "'");
      sql.execute(
          "insert into %s (%s) values (%s)"
              .formatted(table, String.join(", ", names), String.join(", ", values)));
    }
  }

  private static String value(String type) {
    return switch (type) {
      case "uuid" -> "gen_random_uuid()";
      case "text", "character varying" -> "md5(random()::text)";
      case "jsonb" -> "'{}'";
      case "bytea" -> "'\\x00'";
      case "date" -> "current_date";
      case "timestamp with time zone" -> "now()";
      case "boolean" -> "true";
      case "integer", "smallint", "bigint", "numeric", "double precision", "real" ->
          "(random() * 30000)::int";
      case "text[]", "uuid[]" -> "'{}'";
      default -> throw new IllegalStateException("no value for a column of type " + type);
    };
  }

  private static long count(Statement sql, String table, @Nullable UUID of) throws SQLException {
    String where = of == null ? "" : " where tenant_id = '" + of + "'";
    try (ResultSet rows = sql.executeQuery("select count(*) from " + table + where)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static boolean may(Statement sql, String table, String privilege) throws SQLException {
    return texts(sql, "select has_table_privilege('%s', '%s')::text".formatted(table, privilege))
        .contains("true");
  }

  private static int changed(Statement sql, String change, String table) throws SQLException {
    sql.execute("savepoint before");
    int rows = sql.executeUpdate(change.formatted(table));
    sql.execute("rollback to savepoint before");
    return rows;
  }

  private static List<String> texts(Statement sql, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = sql.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
