package io.galerne.chat;

import java.time.Clock;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What members have used: the sums of the ledger for the keys that are theirs alone, and what their
 * answers in progress may still use.
 */
@Component
class Allowances {
  /** An answer that was not saved for so long has nobody who generates it. */
  static final Duration ALIVE = Duration.ofSeconds(60);

  private final ChatTransactions transactions;
  private final ChatSettingsRows settings;
  private final MessageRows messages;
  private final JdbcClient jdbc;
  private final Clock clock;

  Allowances(
      ChatTransactions transactions,
      ChatSettingsRows settings,
      MessageRows messages,
      JdbcClient jdbc,
      Clock clock) {
    this.transactions = transactions;
    this.settings = settings;
    this.messages = messages;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  private record Used(
      long messagesToday, long tokensToday, long tokensThisMonth, long picosThisMonth) {}

  Allowance of(Chatter chatter) {
    return transactions.as(
        chatter,
        () -> {
          Used used = used(chatter);
          MessageRows.InProgress held = messages.inProgress(clock.instant().minus(ALIVE));
          return new Allowance(
              settings.capsOf(chatter.tenantId(), chatter.memberId()),
              used.messagesToday() + held.answers(),
              used.tokensToday() + held.tokens(),
              used.tokensThisMonth() + held.tokens(),
              used.picosThisMonth() + held.picos(),
              held.tokens(),
              held.picos());
        });
  }

  /** Within a transaction: nobody else decides about this member until its end. */
  void lock(Chatter chatter) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
        .param("chat " + chatter.memberId())
        .query()
        .listOfRows();
  }

  private Used used(Chatter chatter) {
    return jdbc.sql(
            """
            select coalesce(sum(requests) filter (where day = today), 0) as messages_today,
              coalesce(sum(prompt_tokens + completion_tokens) filter (where day = today), 0)
                as tokens_today,
              coalesce(sum(prompt_tokens + completion_tokens), 0) as tokens_this_month,
              coalesce(sum(cost_picos), 0)::bigint as picos_this_month
            from usage_daily, (select (now() at time zone 'UTC')::date as today) clock
            where tenant_id = :tenant and day >= date_trunc('month', today)::date and api_key_id in
              (select id from api_key where tenant_id = :tenant and person_id = :person)
            """)
        .param("tenant", chatter.tenantId())
        .param("person", chatter.memberId())
        .query(
            (row, _) ->
                new Used(
                    row.getLong("messages_today"),
                    row.getLong("tokens_today"),
                    row.getLong("tokens_this_month"),
                    row.getLong("picos_this_month")))
        .single();
  }
}
