package io.galerne.limits;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import io.galerne.metering.PriceBook;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Caps on what a tenant, a workspace or a key may spend in a month. */
@Component
public class SpendLimitDesk {
  /** The highest cap: nine million units of the currency. */
  public static final long CAP_MICROS_MAX = 9_000_000_000_000L;

  private static final UUID NOBODY = new UUID(0, 0);
  private static final BigDecimal PICOS_PER_MICRO = BigDecimal.valueOf(1_000_000);

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final TermsTable terms;
  private final PriceBook prices;

  SpendLimitDesk(
      TenantTransactions transactions, JdbcClient jdbc, TermsTable terms, PriceBook prices) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.terms = terms;
    this.prices = prices;
  }

  public String currency() {
    return prices.currency();
  }

  private record Spent(LocalDate period, BigDecimal spent, BigDecimal reserved) {}

  /** The cap and what was spent of it in the month that it is for the database. */
  public SpendLimit of(LimitTarget target) {
    return transactions.inTenant(
        target.tenantId(),
        () -> {
          Spent spent = spent(target);
          Long own = own(target);
          Long given = given(target);
          SpendLimit limit =
              new SpendLimit(
                  YearMonth.from(spent.period()),
                  own,
                  given,
                  micros(spent.spent()),
                  micros(spent.reserved()),
                  false);
          Long cap = limit.limitMicros();
          boolean reached =
              cap != null
                  && BigDecimal.valueOf(cap)
                          .multiply(PICOS_PER_MICRO)
                          .subtract(spent.spent())
                          .compareTo(BigDecimal.valueOf(cheapestToken()))
                      < 0;
          return new SpendLimit(
              limit.month(), own, given, limit.spentMicros(), limit.reservedMicros(), reached);
        });
  }

  private Spent spent(LimitTarget target) {
    return jdbc.sql(
            """
            select now.period, coalesce(b.spent_picos, 0) as spent,
                coalesce(b.reserved_picos, 0) as reserved
            from (select galerne_period() as period) now
            left join budget b on b.tenant_id = ? and b.scope = ? and b.scope_id = ?
              and b.period = now.period
            """)
        .params(target.tenantId(), target.scope().stored(), target.scopeId())
        .query(
            (row, _) ->
                new Spent(
                    row.getObject("period", LocalDate.class),
                    row.getBigDecimal("spent"),
                    row.getBigDecimal("reserved")))
        .single();
  }

  private @Nullable Long own(LimitTarget target) {
    return jdbc.sql(
            """
            select cap_micros from spend_cap where tenant_id = ? and scope = ? and scope_id = ?
            """)
        .params(target.tenantId(), target.scope().stored(), target.scopeId())
        .query(Long.class)
        .optional()
        .orElse(null);
  }

  private @Nullable Long given(LimitTarget target) {
    if (target.scope() == Scope.WORKSPACE) {
      return null;
    }
    Terms read =
        terms.read(
            new Caller(
                target.tenantId(),
                Objects.requireNonNullElse(target.workspaceId(), NOBODY),
                Objects.requireNonNullElse(target.keyId(), NOBODY)));
    return target.scope() == Scope.KEY ? read.keyCapMicros() : read.planCapMicros();
  }

  /** In 1e-12 units; of a price list that is empty, the smallest amount there is. */
  private long cheapestToken() {
    return prices.current().stream()
        .mapToLong(price -> price.realtime().output())
        .filter(picos -> picos > 0)
        .min()
        .orElse(1);
  }

  private static long micros(BigDecimal picos) {
    return picos.divideToIntegralValue(PICOS_PER_MICRO).longValueExact();
  }

  /** The caps of the tenant's workspaces, by their ids. */
  public Map<UUID, Long> ofWorkspaces(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () -> {
          Map<UUID, Long> caps = new HashMap<>();
          jdbc.sql(
                  """
                  select scope_id, cap_micros from spend_cap
                  where tenant_id = ? and scope = 'workspace'
                  """)
              .param(tenantId)
              .query(
                  row -> {
                    caps.put(row.getObject("scope_id", UUID.class), row.getLong("cap_micros"));
                  });
          return caps;
        });
  }

  /**
   * Sets the cap of the target itself; the next request is held to it.
   *
   * @param capMicros null for none
   */
  public void set(LimitTarget target, @Nullable Long capMicros) {
    transactions.runInTenant(
        target.tenantId(),
        () -> {
          if (capMicros == null) {
            jdbc.sql("delete from spend_cap where tenant_id = ? and scope = ? and scope_id = ?")
                .params(target.tenantId(), target.scope().stored(), target.scopeId())
                .update();
          } else {
            jdbc.sql(
                    """
                    insert into spend_cap (tenant_id, scope, scope_id, cap_micros)
                    values (?, ?, ?, ?)
                    on conflict (tenant_id, scope, scope_id)
                    do update set cap_micros = excluded.cap_micros, updated_at = now()
                    """)
                .params(target.tenantId(), target.scope().stored(), target.scopeId(), capMicros)
                .update();
          }
        });
  }
}
