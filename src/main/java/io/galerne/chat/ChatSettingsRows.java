package io.galerne.chat;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tenants' decisions about their chats. */
@Component
class ChatSettingsRows {
  private static final String CAPS =
      "messages_per_day, tokens_per_day, tokens_per_month, spend_micros_per_month";

  private final ChatTransactions transactions;
  private final JdbcClient jdbc;
  private final AuditLog audit;

  ChatSettingsRows(ChatTransactions transactions, JdbcClient jdbc, AuditLog audit) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.audit = audit;
  }

  ChatSettings of(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql("select * from chat_setting where tenant_id = ?")
                .param(tenantId)
                .query((row, _) -> settings(row))
                .optional()
                .orElse(ChatSettings.DEFAULT));
  }

  /**
   * Decides anew.
   *
   * @throws ChatRefusedException if a value can't be taken, or another chat has the path
   */
  void save(UUID tenantId, Actor actor, ChatSettings settings) {
    settings.check();
    Caps caps = settings.caps();
    try {
      transactions.inTenant(
          tenantId,
          () -> {
            jdbc.sql(
                    """
                    insert into chat_setting (tenant_id, slug, name, accent, welcome, models, sealed,
                        sharing, retention_days, messages_per_day, tokens_per_day, tokens_per_month,
                        spend_micros_per_month)
                    values (:tenant, :slug, :name, :accent, :welcome, :models, :sealed, :sharing,
                        :retention, :messagesDay, :tokensDay, :tokensMonth, :spendMonth)
                    on conflict (tenant_id) do update set slug = excluded.slug,
                        name = excluded.name, accent = excluded.accent,
                        welcome = excluded.welcome, models = excluded.models,
                        sealed = excluded.sealed, sharing = excluded.sharing,
                        retention_days = excluded.retention_days,
                        messages_per_day = excluded.messages_per_day,
                        tokens_per_day = excluded.tokens_per_day,
                        tokens_per_month = excluded.tokens_per_month,
                        spend_micros_per_month = excluded.spend_micros_per_month
                    """)
                .param("tenant", tenantId)
                .param("slug", settings.slug())
                .param("name", settings.name())
                .param("accent", settings.accent())
                .param("welcome", settings.welcome())
                .param("models", settings.models().toArray(String[]::new))
                .param("sealed", settings.sealed())
                .param("sharing", settings.sharing())
                .param("retention", settings.retentionDays())
                .param("messagesDay", caps.messagesPerDay())
                .param("tokensDay", caps.tokensPerDay())
                .param("tokensMonth", caps.tokensPerMonth())
                .param("spendMonth", caps.spendMicrosPerMonth())
                .update();
            record(tenantId, actor, "chat_settings.update", "CHAT", tenantId, settings.toString());
            return null;
          });
    } catch (DuplicateKeyException _) {
      throw ChatRefusedException.invalid("slug", "slug.taken");
    }
  }

  private void record(
      UUID tenantId, Actor actor, String action, String type, UUID target, String after) {
    audit.record(AuditEntry.of(tenantId, actor, action, type, target).with("after", after));
  }

  /** The caps that hold for a member. */
  Caps capsOf(UUID tenantId, UUID memberId) {
    return transactions.inTenant(
        tenantId, () -> own(tenantId, memberId).orElseGet(() -> of(tenantId).caps()));
  }

  /** The caps that were set for the member alone. */
  Optional<Caps> own(UUID tenantId, UUID memberId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql(
                    "select "
                        + CAPS
                        + " from chat_member_cap where tenant_id = ? and member_id = ?")
                .params(Arrays.asList(tenantId, memberId))
                .query((row, _) -> caps(row))
                .optional());
  }

  /** A member who has caps of his own. */
  record MemberCaps(UUID memberId, String email, Caps caps) {
    /** In units of the currency, as forms have it. */
    public @Nullable String spend() {
      return SettingsForm.money(caps.spendMicrosPerMonth());
    }
  }

  /** Those who have, by their addresses. */
  List<MemberCaps> ownCaps(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    select c.*, m.email from chat_member_cap c
                      join member m on m.tenant_id = c.tenant_id and m.id = c.member_id
                    where c.tenant_id = ? and m.removed_at is null order by m.email limit 500
                    """)
                .param(tenantId)
                .query(
                    (row, _) ->
                        new MemberCaps(
                            row.getObject("member_id", UUID.class),
                            row.getString("email"),
                            caps(row)))
                .list());
  }

  /** Sets a member's own caps; null for those that everybody has. */
  void setOwn(UUID tenantId, Actor actor, UUID memberId, @Nullable Caps caps) {
    transactions.inTenant(
        tenantId,
        () -> {
          boolean exists =
              jdbc.sql("select exists (select from member where id = ? and removed_at is null)")
                  .param(memberId)
                  .query(Boolean.class)
                  .single();
          if (!exists) {
            throw ChatRefusedException.unknown();
          }
          jdbc.sql("delete from chat_member_cap where tenant_id = ? and member_id = ?")
              .params(Arrays.asList(tenantId, memberId))
              .update();
          if (caps != null) {
            new ChatSettings(null, "", null, "", List.of(), false, false, 1, caps).check();
            jdbc.sql(
                    "insert into chat_member_cap (tenant_id, member_id, "
                        + CAPS
                        + ") values (?, ?, ?, ?, ?, ?)")
                .params(
                    Arrays.asList(
                        tenantId,
                        memberId,
                        caps.messagesPerDay(),
                        caps.tokensPerDay(),
                        caps.tokensPerMonth(),
                        caps.spendMicrosPerMonth()))
                .update();
          }
          record(tenantId, actor, "chat_caps.update", "USER", memberId, String.valueOf(caps));
          return null;
        });
  }

  private static ChatSettings settings(ResultSet row) throws SQLException {
    return new ChatSettings(
        row.getString("slug"),
        row.getString("name"),
        row.getString("accent"),
        row.getString("welcome"),
        texts(row.getArray("models")),
        row.getBoolean("sealed"),
        row.getBoolean("sharing"),
        row.getInt("retention_days"),
        caps(row));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  private static Caps caps(ResultSet row) throws SQLException {
    return new Caps(
        row.getObject("messages_per_day", Long.class),
        row.getObject("tokens_per_day", Long.class),
        row.getObject("tokens_per_month", Long.class),
        row.getObject("spend_micros_per_month", Long.class));
  }
}
