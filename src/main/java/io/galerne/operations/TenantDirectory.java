package io.galerne.operations;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Page;
import io.galerne.identity.PlatformOrganization;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The platform's tenants, found by name, plan and state, with what each has spent this month. */
@Component
class TenantDirectory {
  private static final String WANTED =
      """
      where t.tenant_id <> :platform
        and (:text = '' or position(lower(:text) in lower(t.name)) > 0
             or t.tenant_id::text = lower(:text))
        and (:plan = '' or t.plan = :plan)
        and (:state = '' or (t.suspended_at is not null) = (:state = 'suspended'))
      """;

  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  TenantDirectory(PlatformTransactionManager transactionManager, JdbcClient jdbc) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
  }

  /** In which order tenants are listed. */
  enum Order {
    NEWEST("t.created_at desc"),
    NAME("lower(t.name)"),
    SPEND("spent_micros desc");

    private final String columns;

    Order(String columns) {
      this.columns = columns;
    }

    static Order of(String text) {
      for (Order order : values()) {
        if (order.name().equalsIgnoreCase(text)) {
          return order;
        }
      }
      return NEWEST;
    }
  }

  /**
   * Which tenants.
   *
   * @param text a part of the name, or the id; empty for all
   * @param plan empty for all
   * @param state active or suspended; empty for both
   */
  record Wanted(String text, String plan, String state, Order order) {}

  /** A tenant in the list. */
  record Row(
      UUID id,
      String name,
      String plan,
      Instant createdAt,
      @Nullable Instant suspendedAt,
      long spentMicros) {}

  Page<Row> find(PlatformOperator operator, Wanted wanted, Page.Wanted part) {
    return Objects.requireNonNull(
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.operator", "on");
              long total =
                  query("select count(*) from tenant t " + WANTED, wanted)
                      .query(Long.class)
                      .single();
              List<Row> rows =
                  query(
                          """
                          select t.tenant_id as id, t.name, t.plan, t.created_at, t.suspended_at,
                            coalesce(div(b.spent_picos, 1000000), 0)::bigint as spent_micros
                          from tenant t left join budget b
                            on b.tenant_id = t.tenant_id and b.scope = 'organisation'
                              and b.scope_id = t.tenant_id and b.period = galerne_period()
                          """
                              + WANTED
                              + " order by "
                              + wanted.order().columns
                              + ", t.tenant_id limit :limit offset :offset",
                          wanted)
                      .param("limit", part.size())
                      .param("offset", (part.number() - 1L) * part.size())
                      .query(new SimplePropertyRowMapper<>(Row.class))
                      .list();
              return new Page<>(rows, total);
            }));
  }

  private JdbcClient.StatementSpec query(String sql, Wanted wanted) {
    return jdbc.sql(sql)
        .param("platform", PlatformOrganization.ID)
        .param("text", wanted.text())
        .param("plan", wanted.plan())
        .param("state", wanted.state());
  }
}
