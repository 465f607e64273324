package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** How long a tenant's records stay, and whether they have content. */
@Service
public class AuditSettings {
  /** Half a year (Regulation (EU) 2024/1689, articles 19 and 26). */
  public static final int RETENTION_DAYS_MIN = 183;

  public static final int RETENTION_DAYS_MAX = 36_500;

  private static final Setting DEFAULT = new Setting(RETENTION_DAYS_MIN, false);

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  AuditSettings(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * What a tenant decided.
   *
   * @param keepContent whether prompts and answers are kept, sealed under the tenant's key
   */
  public record Setting(int retentionDays, boolean keepContent) {}

  public Setting of(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql("select retention_days, keep_content from audit_setting where tenant_id = ?")
                .param(tenantId)
                .query(Setting.class)
                .optional()
                .orElse(DEFAULT));
  }

  /** Decides; within the transaction that leaves the row about it. */
  public void set(UUID tenantId, Setting setting) {
    if (setting.retentionDays() < RETENTION_DAYS_MIN
        || setting.retentionDays() > RETENTION_DAYS_MAX) {
      throw new IllegalArgumentException("retention of " + setting.retentionDays() + " days");
    }
    transactions.runInTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    insert into audit_setting (tenant_id, retention_days, keep_content)
                    values (?, ?, ?)
                    on conflict (tenant_id) do update set retention_days = excluded.retention_days,
                      keep_content = excluded.keep_content
                    """)
                .params(tenantId, setting.retentionDays(), setting.keepContent())
                .update());
  }
}
