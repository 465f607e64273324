package io.galerne.chat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of messages. Every call needs a transaction of {@link ChatTransactions}. */
@Component
class MessageRows {
  static final String TABLE = "chat_message";

  /** What an answer used is the ledger's to say. */
  private static final String SELECT =
      """
      select m.*, u.prompt_tokens, u.cached_prompt_tokens, u.completion_tokens, u.cost_picos
      from chat_message m left join usage_event u on u.tenant_id = m.tenant_id
        and u.request_id = m.request_id
        and u.started_month between date_trunc('month', m.created_at at time zone 'UTC')::date
          and (date_trunc('month', m.created_at at time zone 'UTC') + interval '1 month')::date
      """;

  private final JdbcClient jdbc;

  MessageRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What an answer in progress may still use. */
  record Reserved(long tokens, long picos) {
    static final Reserved NOTHING = new Reserved(0, 0);
  }

  void insert(Chatter chatter, Message message, Reserved reserved, Contents contents) {
    Contents.Stored words = contents.write(TABLE, message.id(), message.words());
    jdbc.sql(
            """
            insert into chat_message (tenant_id, id, conversation_id, member_id, parent_id, role,
                content, sealed, state, model, temperature, seed, request_id, reserved_tokens,
                reserved_picos, created_at, touched_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            Arrays.asList(
                chatter.tenantId(),
                message.id(),
                message.conversationId(),
                chatter.memberId(),
                message.parentId(),
                message.role(),
                words.content(),
                words.sealed(),
                message.state().name(),
                message.model(),
                message.temperature(),
                message.seed(),
                message.requestId(),
                reserved.tokens(),
                reserved.picos(),
                Timestamp.from(message.createdAt()),
                Timestamp.from(message.touchedAt())))
        .update();
  }

  Optional<Message> find(UUID id, Contents contents) {
    return jdbc.sql(SELECT + " where m.id = ?")
        .param(id)
        .query((row, _) -> message(row, contents))
        .optional();
  }

  /** All branches, the oldest first. */
  List<Message> of(UUID conversationId, Contents contents) {
    return jdbc.sql(SELECT + " where m.conversation_id = ? order by m.created_at, m.id")
        .param(conversationId)
        .query((row, _) -> message(row, contents))
        .list();
  }

  int count(UUID conversationId) {
    return jdbc.sql("select count(*) from chat_message where conversation_id = ?")
        .param(conversationId)
        .query(Integer.class)
        .single();
  }

  /** An answer as far as it has come; false if it was stopped elsewhere, or deleted. */
  boolean progress(UUID id, MessageWords words, Instant now, Contents contents) {
    Contents.Stored stored = contents.write(TABLE, id, words);
    return jdbc.sql(
                """
                update chat_message set content = ?, sealed = ?, touched_at = ?
                where id = ? and state = 'STREAMING'
                """)
            .params(Arrays.asList(stored.content(), stored.sealed(), Timestamp.from(now), id))
            .update()
        > 0;
  }

  void end(UUID id, MessageState state, MessageWords words, Instant now, Contents contents) {
    Contents.Stored stored = contents.write(TABLE, id, words);
    jdbc.sql(
            """
            update chat_message set content = ?, sealed = ?, state = ?, touched_at = ?,
                reserved_tokens = 0, reserved_picos = 0
            where id = ?
            """)
        .params(
            Arrays.asList(stored.content(), stored.sealed(), state.name(), Timestamp.from(now), id))
        .update();
  }

  /** Asks for an answer's end, wherever it is generated. */
  boolean stop(UUID id) {
    return jdbc.sql(
                "update chat_message set state = 'STOPPED' where id = ? and state = 'STREAMING'")
            .param(id)
            .update()
        > 0;
  }

  boolean exists(UUID id) {
    return jdbc.sql("select exists (select from chat_message where id = ?)")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  void delete(UUID id) {
    jdbc.sql("delete from chat_message where id = ?").param(id).update();
  }

  /** What the member's answers in progress may use, but those that nobody generates any more. */
  InProgress inProgress(Instant aliveSince) {
    return jdbc.sql(
            """
            select count(*) as answers, coalesce(sum(reserved_tokens), 0) as tokens,
              coalesce(sum(reserved_picos), 0) as picos
            from chat_message where reserved_tokens > 0 and touched_at > ?
            """)
        .param(Timestamp.from(aliveSince))
        .query(
            (row, _) ->
                new InProgress(row.getInt("answers"), row.getLong("tokens"), row.getLong("picos")))
        .single();
  }

  /** How many answers, and what they may still use. */
  record InProgress(int answers, long tokens, long picos) {}

  /** The newest messages, opened one by one until there are enough that match. */
  void search(int max, Contents contents, BiPredicate<UUID, MessageWords> untilFalse) {
    jdbc.sql(
            """
            select id, conversation_id, content, sealed from chat_message
            order by created_at desc limit ?
            """)
        .param(max)
        .query(
            row -> {
              boolean goesOn = true;
              while (goesOn && row.next()) {
                UUID id = row.getObject("id", UUID.class);
                goesOn =
                    untilFalse.test(
                        row.getObject("conversation_id", UUID.class),
                        contents.read(TABLE, id, Contents.Stored.of(row), MessageWords.class));
              }
              return true;
            });
  }

  private static Message message(ResultSet row, Contents contents) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    return new Message(
        id,
        row.getObject("conversation_id", UUID.class),
        row.getObject("parent_id", UUID.class),
        row.getString("role"),
        contents.read(TABLE, id, Contents.Stored.of(row), MessageWords.class),
        MessageState.valueOf(row.getString("state")),
        row.getString("model"),
        row.getObject("temperature", Double.class),
        row.getObject("seed", Long.class),
        row.getObject("request_id", UUID.class),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("touched_at").toInstant(),
        usage(row));
  }

  private static Message.@Nullable Usage usage(ResultSet row) throws SQLException {
    Integer prompt = row.getObject("prompt_tokens", Integer.class);
    return prompt == null
        ? null
        : new Message.Usage(
            prompt,
            row.getInt("cached_prompt_tokens"),
            row.getInt("completion_tokens"),
            row.getLong("cost_picos"));
  }
}
