package io.galerne.chat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of conversations. Every call needs a transaction of {@link ChatTransactions}. */
@Component
class ConversationRows {
  static final String TABLE = "chat_conversation";

  private final JdbcClient jdbc;

  ConversationRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(Chatter chatter, Conversation conversation, Contents contents) {
    Contents.Stored words = contents.write(TABLE, conversation.id(), conversation.words());
    jdbc.sql(
            """
            insert into chat_conversation (tenant_id, id, member_id, content, sealed, model,
                temperature, seed, created_at, updated_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            Arrays.asList(
                chatter.tenantId(),
                conversation.id(),
                chatter.memberId(),
                words.content(),
                words.sealed(),
                conversation.model(),
                conversation.temperature(),
                conversation.seed(),
                Timestamp.from(conversation.createdAt()),
                Timestamp.from(conversation.updatedAt())))
        .update();
  }

  Optional<Conversation> find(UUID id, Contents contents) {
    return jdbc.sql("select * from chat_conversation where id = ?")
        .param(id)
        .query((row, _) -> conversation(row, contents))
        .optional();
  }

  Optional<Conversation> findShared(UUID shareId, Contents contents) {
    return jdbc.sql("select * from chat_conversation where share_id = ?")
        .param(shareId)
        .query((row, _) -> conversation(row, contents))
        .optional();
  }

  /** The newest first. */
  List<Conversation> list(int limit, int offset, Contents contents) {
    return jdbc.sql("select * from chat_conversation order by updated_at desc, id limit ? offset ?")
        .params(Arrays.asList(limit, offset))
        .query((row, _) -> conversation(row, contents))
        .list();
  }

  int count() {
    return jdbc.sql("select count(*) from chat_conversation").query(Integer.class).single();
  }

  void update(Conversation conversation, Contents contents) {
    Contents.Stored words = contents.write(TABLE, conversation.id(), conversation.words());
    jdbc.sql(
            """
            update chat_conversation set content = ?, sealed = ?, model = ?, temperature = ?, seed = ?
            where id = ?
            """)
        .params(
            Arrays.asList(
                words.content(),
                words.sealed(),
                conversation.model(),
                conversation.temperature(),
                conversation.seed(),
                conversation.id()))
        .update();
  }

  void head(UUID id, @Nullable UUID headId) {
    jdbc.sql("update chat_conversation set head_id = ? where id = ?")
        .params(Arrays.asList(headId, id))
        .update();
  }

  void touch(UUID id, UUID headId, Instant now) {
    jdbc.sql("update chat_conversation set head_id = ?, updated_at = ? where id = ?")
        .params(Arrays.asList(headId, Timestamp.from(now), id))
        .update();
  }

  void share(UUID id, Conversation.@Nullable Share share) {
    jdbc.sql(
            """
            update chat_conversation set share_id = ?, share_head_id = ?, shared_at = ?
            where id = ?
            """)
        .params(
            Arrays.asList(
                share == null ? null : share.id(),
                share == null ? null : share.headId(),
                share == null ? null : Timestamp.from(share.at()),
                id))
        .update();
  }

  boolean delete(UUID id) {
    return jdbc.sql("delete from chat_conversation where id = ?").param(id).update() > 0;
  }

  int deleteAll() {
    return jdbc.sql("delete from chat_conversation").update();
  }

  private static Conversation conversation(ResultSet row, Contents contents) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    UUID shareId = row.getObject("share_id", UUID.class);
    return new Conversation(
        id,
        contents.read(TABLE, id, Contents.Stored.of(row), ConversationWords.class),
        row.getString("model"),
        row.getObject("temperature", Double.class),
        row.getObject("seed", Long.class),
        row.getObject("head_id", UUID.class),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("updated_at").toInstant(),
        shareId == null
            ? null
            : new Conversation.Share(
                shareId,
                row.getObject("share_head_id", UUID.class),
                row.getTimestamp("shared_at").toInstant()));
  }
}
