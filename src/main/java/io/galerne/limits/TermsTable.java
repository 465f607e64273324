package io.galerne.limits;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads what holds for a key. */
@Component
class TermsTable {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final LimitsProperties properties;

  TermsTable(TenantTransactions transactions, JdbcClient jdbc, LimitsProperties properties) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.properties = properties;
  }

  Terms read(Caller caller) {
    return transactions.inTenant(caller.tenantId(), () -> readOwn(caller));
  }

  private record Plan(
      String id,
      int version,
      double weight,
      @Nullable Double waitingShare,
      @Nullable Long capMicros,
      RateRule rule) {}

  private record Key(UUID line, @Nullable Long capMicros, RateRule rule) {}

  private Terms readOwn(Caller caller) {
    Plan plan = plan(caller);
    Key key = key(caller);
    List<RateRule> rules = new ArrayList<>();
    rules.add(plan.rule());
    rules.add(key.rule());
    rules.addAll(modelRules(plan, caller));
    rules.addAll(ownRules(caller, key.line()));
    boolean capped = plan.capMicros() != null || key.capMicros() != null || hasCaps(caller, key);
    return new Terms(
        plan.id(),
        plan.version(),
        plan.weight(),
        plan.waitingShare(),
        plan.capMicros(),
        key.capMicros(),
        key.line(),
        capped,
        rules);
  }

  private Plan plan(Caller caller) {
    UUID tenant = caller.tenantId();
    String assigned =
        jdbc.sql("select to_jsonb(t) ->> 'plan' from tenant t where tenant_id = ?")
            .param(tenant)
            .query((row, _) -> Optional.ofNullable(row.getString(1)))
            .optional()
            .flatMap(name -> name)
            .orElse(properties.defaultPlan());
    String id = assigned.equals(Plans.TIERED) ? tier(tenant) : assigned;
    return jdbc.sql("select * from plan where id = ? order by version desc limit 1")
        .param(id)
        .query(
            (row, _) ->
                new Plan(
                    id,
                    row.getInt("version"),
                    row.getDouble("weight"),
                    row.getObject("waiting_share", Double.class),
                    row.getObject("spend_cap_micros", Long.class),
                    rule(Scope.ORGANISATION, tenant, "", row)))
        .optional()
        .orElseThrow(() -> new IllegalStateException("there is no plan " + id));
  }

  /** By all that the tenant has spent: a tier once reached is kept. */
  private String tier(UUID tenant) {
    return jdbc.sql(
            """
            select plan_id from tier
            where billed_micros_min <= (
              select coalesce(sum(spent_picos), 0) / 1000000 from budget
              where tenant_id = ? and scope = 'organisation')
            order by billed_micros_min desc limit 1
            """)
        .param(tenant)
        .query(String.class)
        .single();
  }

  private Key key(Caller caller) {
    return jdbc.sql(
            """
            select coalesce((k ->> 'line_id')::uuid, (k ->> 'id')::uuid) as line,
                   (k ->> 'monthly_spend_micros')::bigint as cap,
                   (k ->> 'requests_per_second')::double precision as requests_per_second,
                   null::integer as requests_burst,
                   (k ->> 'tokens_per_minute')::bigint as tokens_per_minute,
                   (k ->> 'tokens_per_month')::bigint as tokens_per_month
            from (select to_jsonb(a) as k from api_key a where tenant_id = ? and id = ?) as own
            """)
        .params(caller.tenantId(), caller.apiKeyId())
        .query(
            (row, _) -> {
              UUID line = row.getObject("line", UUID.class);
              return new Key(
                  line, row.getObject("cap", Long.class), rule(Scope.KEY, line, "", row));
            })
        .optional()
        .orElseGet(() -> keyless(caller));
  }

  /** Somebody who comes without a key of the table is a line of his own. */
  private static Key keyless(Caller caller) {
    UUID id = caller.apiKeyId();
    return new Key(id, null, new RateRule(Scope.KEY, id, "", null, null, null, null));
  }

  private List<RateRule> modelRules(Plan plan, Caller caller) {
    return jdbc.sql(
            """
            select model, null::double precision as requests_per_second,
                   null::integer as requests_burst, tokens_per_minute, tokens_per_month
            from plan_model_limit where plan_id = ? and plan_version = ?
            """)
        .params(plan.id(), plan.version())
        .query((row, _) -> rule(Scope.ORGANISATION, caller.tenantId(), row.getString("model"), row))
        .list();
  }

  private List<RateRule> ownRules(Caller caller, UUID line) {
    return jdbc.sql(
            """
            select * from rate_limit
            where tenant_id = :tenant and (scope, scope_id) in
              (('organisation', :tenant), ('workspace', :workspace), ('key', :line))
            """)
        .param("tenant", caller.tenantId())
        .param("workspace", caller.workspaceId())
        .param("line", line)
        .query(
            (row, _) ->
                // a limit of the tenant's own beside its plan's has buckets of its own
                rule(
                    Scope.of(row.getString("scope")),
                    row.getObject("scope_id", UUID.class),
                    row.getString("model"),
                    row))
        .list();
  }

  private boolean hasCaps(Caller caller, Key key) {
    return jdbc.sql(
            """
            select exists (select from spend_cap
              where tenant_id = :tenant and (scope, scope_id) in
                (('organisation', :tenant), ('workspace', :workspace), ('key', :line)))
            """)
        .param("tenant", caller.tenantId())
        .param("workspace", caller.workspaceId())
        .param("line", key.line())
        .query(Boolean.class)
        .single();
  }

  private static RateRule rule(Scope scope, UUID scopeId, String model, ResultSet row)
      throws SQLException {
    return new RateRule(
        scope,
        scopeId,
        model,
        row.getObject("requests_per_second", Double.class),
        row.getObject("requests_burst", Integer.class),
        row.getObject("tokens_per_minute", Long.class),
        row.getObject("tokens_per_month", Long.class));
  }
}
