package io.galerne.limits;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import java.math.BigDecimal;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What all organisations together have spent in the month that it is for the database. */
@Component
public class PlatformSpend {
  private static final BigDecimal PICOS_PER_MICRO = BigDecimal.valueOf(1_000_000);

  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  PlatformSpend(PlatformTransactionManager transactionManager, JdbcClient jdbc) {
    this.transactions = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
  }

  /** In micro-units of the currency. */
  public long thisMonthMicros(PlatformOperator operator) {
    BigDecimal picos =
        transactions.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.operator", "on");
              return jdbc.sql(
                      """
                      select coalesce(sum(spent_picos), 0) from budget
                      where scope = 'organisation' and period = galerne_period()
                      """)
                  .query(BigDecimal.class)
                  .single();
            });
    return Objects.requireNonNull(picos).divideToIntegralValue(PICOS_PER_MICRO).longValueExact();
  }
}
