package io.galerne.limits;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import io.galerne.metering.Cost;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is spent this month of the caps that bound a caller. */
@Component
public class SpendReport {
  private final TenantTransactions transactions;
  private final TermsBook book;
  private final JdbcClient jdbc;

  SpendReport(TenantTransactions transactions, TermsBook book, JdbcClient jdbc) {
    this.transactions = transactions;
    this.book = book;
    this.jdbc = jdbc;
  }

  /** One cap, in millionths of the currency, with what is spent of it and reserved. */
  public record Spent(Scope scope, long capMicros, long spentMicros) {}

  /** The caps of the caller's organisation and workspace; none where there is no cap. */
  public List<Spent> of(Caller caller) {
    Terms terms = book.of(caller);
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          List<Spent> all = new ArrayList<>();
          add(all, Scope.ORGANISATION, caller.tenantId(), terms.planCapMicros());
          add(all, Scope.WORKSPACE, caller.workspaceId(), null);
          return all;
        });
  }

  private void add(List<Spent> all, Scope scope, UUID id, @Nullable Long planCap) {
    Optional<Long> own =
        jdbc.sql("select cap_micros from spend_cap where scope = ? and scope_id = ?")
            .params(scope.stored(), id)
            .query(Long.class)
            .optional();
    Long cap =
        own.isPresent() && planCap != null
            ? Long.valueOf(Math.min(own.get(), planCap))
            : own.orElse(planCap);
    if (cap != null) {
      BigDecimal picos =
          jdbc.sql(
                  """
                  select coalesce(sum(spent_picos + reserved_picos), 0) from budget
                  where scope = ? and scope_id = ? and period = galerne_period()
                  """)
              .params(scope.stored(), id)
              .query(BigDecimal.class)
              .single();
      all.add(new Spent(scope, cap, Cost.micros(picos.toBigInteger())));
    }
  }
}
