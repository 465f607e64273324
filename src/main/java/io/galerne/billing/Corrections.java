package io.galerne.billing;

import io.galerne.database.TenantTransactions;
import io.galerne.metering.LedgerLock;
import java.sql.Types;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Corrections of bills: new lines, on the next invoice that is closed. */
@Service
public class Corrections {
  /** A million units; more than that is a slip of the keyboard. */
  public static final long AMOUNT_MICROS_MAX = 1_000_000_000_000L;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  Corrections(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * What to correct.
   *
   * @param amountMicros what is owed more, or, below zero, less
   * @param requestId the request that it is about, if it is about one
   * @param month the invoice that it is about, if it is about one
   */
  public record Correction(
      long amountMicros,
      String reason,
      @Nullable UUID workspaceId,
      @Nullable UUID requestId,
      @Nullable YearMonth month) {}

  /** Adds a correction; its id. */
  public UUID add(UUID tenantId, Correction correction, String author) {
    UUID id = UUID.randomUUID();
    transactions.runInTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    with locked as materialized (select pg_advisory_xact_lock_shared(:lock)),
                    moment as materialized (select nextval('ledger_number') as number from locked)
                    insert into billing_correction (tenant_id, id, number, workspace_id, request_id,
                        period, amount_micros, reason, created_by)
                    select :tenant, :id, number, :workspace, :request, :period, :amount, :reason,
                        :author
                    from moment
                    """)
                .param("lock", LedgerLock.of(tenantId))
                .param("tenant", tenantId)
                .param("id", id)
                .param("workspace", correction.workspaceId(), Types.OTHER)
                .param("request", correction.requestId(), Types.OTHER)
                .param("period", firstDay(correction.month()), Types.DATE)
                .param("amount", correction.amountMicros())
                .param("reason", correction.reason())
                .param("author", author)
                .update());
    return id;
  }

  private static @Nullable LocalDate firstDay(@Nullable YearMonth month) {
    return month == null ? null : month.atDay(1);
  }
}
