package io.galerne.limits;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import io.galerne.limits.RateLimits.TokenLimits;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Rate limits that a tenant sets itself: for all of it, a workspace or a key. They can only be
 * tighter than its plan's, since the lowest holds.
 */
@Component
public class RateLimitDesk {
  private static final UUID NOBODY = new UUID(0, 0);

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final TermsTable terms;

  RateLimitDesk(TenantTransactions transactions, JdbcClient jdbc, TermsTable terms) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.terms = terms;
  }

  /**
   * What holds.
   *
   * @param effective the lowest of the plan's, the organisation's, the workspace's and the key's
   * @param own what was set for just this target
   */
  public record InForce(String plan, int planVersion, RateLimits effective, RateLimits own) {}

  public InForce inForce(LimitTarget target) {
    return transactions.inTenant(
        target.tenantId(),
        () -> {
          Terms read = terms.read(caller(target));
          return new InForce(
              read.planId(), read.planVersion(), RateLimits.lowest(read.rules()), own(target));
        });
  }

  private static Caller caller(LimitTarget target) {
    return new Caller(
        target.tenantId(),
        Objects.requireNonNullElse(target.workspaceId(), NOBODY),
        Objects.requireNonNullElse(target.keyId(), NOBODY));
  }

  /** Changes what is set for the target itself; changes of a tenant wait for each other. */
  public void change(LimitTarget target, UnaryOperator<RateLimits> change) {
    transactions.runInTenant(
        target.tenantId(),
        () -> {
          jdbc.sql("select tenant_id from tenant where tenant_id = ? for no key update")
              .param(target.tenantId())
              .query(UUID.class)
              .single();
          RateLimits wanted = change.apply(own(target));
          clear(target);
          insert(
              target,
              "",
              wanted.requestsPerSecond(),
              wanted.requestsBurst(),
              new TokenLimits(wanted.tokensPerMinute(), wanted.tokensPerMonth()));
          wanted.byModel().forEach((model, tokens) -> insert(target, model, null, null, tokens));
        });
  }

  private void clear(LimitTarget target) {
    jdbc.sql("delete from rate_limit where tenant_id = ? and scope = ? and scope_id = ?")
        .params(target.tenantId(), target.scope().stored(), target.scopeId())
        .update();
  }

  private void insert(
      LimitTarget target,
      String model,
      @Nullable Double perSecond,
      @Nullable Integer burst,
      TokenLimits tokens) {
    if (perSecond == null && tokens.equals(TokenLimits.NONE)) {
      return;
    }
    jdbc.sql(
            """
            insert into rate_limit (tenant_id, scope, scope_id, model, requests_per_second,
                requests_burst, tokens_per_minute, tokens_per_month)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .param(target.tenantId())
        .param(target.scope().stored())
        .param(target.scopeId())
        .param(model)
        .param(perSecond)
        .param(burst)
        .param(tokens.perMinute())
        .param(tokens.perMonth())
        .update();
  }

  private record Row(
      String model,
      @Nullable Double perSecond,
      @Nullable Integer burst,
      @Nullable Long perMinute,
      @Nullable Long perMonth) {}

  private RateLimits own(LimitTarget target) {
    List<Row> rows =
        jdbc.sql(
                """
                select * from rate_limit where tenant_id = ? and scope = ? and scope_id = ?
                """)
            .params(target.tenantId(), target.scope().stored(), target.scopeId())
            .query(
                (row, _) ->
                    new Row(
                        row.getString("model"),
                        row.getObject("requests_per_second", Double.class),
                        row.getObject("requests_burst", Integer.class),
                        row.getObject("tokens_per_minute", Long.class),
                        row.getObject("tokens_per_month", Long.class)))
            .list();
    Row all = new Row("", null, null, null, null);
    TreeMap<String, TokenLimits> byModel = new TreeMap<>();
    for (Row row : rows) {
      if (row.model().isEmpty()) {
        all = row;
      } else {
        byModel.put(row.model(), new TokenLimits(row.perMinute(), row.perMonth()));
      }
    }
    return new RateLimits(all.perSecond(), all.burst(), all.perMinute(), all.perMonth(), byModel);
  }
}
