package io.galerne.moderation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The floor's versions, which are added and never changed, and which of them is in force. */
@Component
class FloorRecords {
  private static final int VERSIONS_MAX = 200;

  private final JdbcClient jdbc;
  private final Clock clock;

  FloorRecords(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** What was published, by whom. */
  record Version(
      int number, String content, String hash, @Nullable UUID publishedBy, Instant publishedAt) {}

  Optional<Version> active() {
    return jdbc.sql(
            """
            select f.* from moderation_floor_choice c join moderation_floor f
              on f.version = c.version
            """)
        .query((row, _) -> version(row))
        .optional();
  }

  Optional<Version> find(int number) {
    return jdbc.sql("select * from moderation_floor where version = ?")
        .param(number)
        .query((row, _) -> version(row))
        .optional();
  }

  List<Version> newest() {
    return jdbc.sql("select * from moderation_floor order by version desc limit ?")
        .param(VERSIONS_MAX)
        .query((row, _) -> version(row))
        .list();
  }

  /** Holds others off who would publish or choose, until the transaction's end. */
  void lock() {
    jdbc.sql("select 1 from moderation_floor_choice for update").query().listOfRows();
  }

  Version add(String content, String hash, @Nullable UUID by) {
    return jdbc.sql(
            """
            insert into moderation_floor
            select coalesce(max(version), 0) + 1, ?, ?, ?, ? from moderation_floor
            returning *
            """)
        .param(1, content)
        .param(2, hash)
        .param(3, by, Types.OTHER)
        .param(4, Timestamp.from(clock.instant()), Types.TIMESTAMP)
        .query((row, _) -> version(row))
        .single();
  }

  void choose(@Nullable Integer number) {
    jdbc.sql("update moderation_floor_choice set version = ?, chosen_at = ?")
        .param(1, number, Types.INTEGER)
        .param(2, Timestamp.from(clock.instant()))
        .update();
  }

  private static Version version(ResultSet row) throws SQLException {
    return new Version(
        row.getInt("version"),
        row.getString("content"),
        row.getString("content_hash"),
        row.getObject("published_by", UUID.class),
        row.getTimestamp("published_at").toInstant());
  }
}
