package io.galerne.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The chains in the database; all of it runs in the tenant's transaction. */
@Component
class ChainStore {
  private static final List<String> EVENT_COLUMNS =
      List.of(
          "id",
          "at",
          "actor_kind",
          "actor_id",
          "action",
          "target_type",
          "target_id",
          "workspace_id",
          "details",
          "request_id",
          "address");
  private static final List<String> ANSWER_COLUMNS = List.of("request_id", "at", "record");

  private final JdbcClient jdbc;

  ChainStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Where a chain stands. */
  record Head(long seq, String hash, long unchained) {}

  /** Adds the next row: whoever comes at the same time waits for this transaction's end. */
  void append(
      UUID tenant,
      Trail trail,
      SortedMap<String, String> content,
      BiConsumer<Long, byte[]> insert) {
    jdbc.sql(
            "insert into %s (tenant_id, seq, hash) values (?, 0, ?) on conflict do nothing"
                .formatted(trail.head()))
        .params(tenant, HexFormat.of().parseHex(ChainLink.START))
        .update();
    Head head =
        jdbc.sql("select seq, hash from %s where tenant_id = ? for update".formatted(trail.head()))
            .param(tenant)
            .query((row, _) -> new Head(row.getLong("seq"), hex(row), 0))
            .single();
    ChainLink link = ChainLink.after(head.hash(), tenant, trail, head.seq() + 1, content);
    byte[] hash = HexFormat.of().parseHex(link.hash());
    insert.accept(link.seq(), hash);
    jdbc.sql("update %s set seq = ?, hash = ? where tenant_id = ?".formatted(trail.head()))
        .params(link.seq(), hash, tenant)
        .update();
  }

  Optional<Head> head(UUID tenant, Trail trail) {
    String unchained = trail == Trail.EVENTS ? "unchained" : "0::bigint as unchained";
    return jdbc.sql(
            "select seq, hash, %s from %s where tenant_id = ?".formatted(unchained, trail.head()))
        .param(tenant)
        .query((row, _) -> new Head(row.getLong("seq"), hex(row), row.getLong("unchained")))
        .optional();
  }

  /** All rows after a number, in their order, without holding them all. */
  void rows(UUID tenant, Trail trail, long after, Consumer<ChainLink> each) {
    long last = after;
    while (true) {
      List<ChainLink> page =
          jdbc.sql(
                  "select * from %s where tenant_id = ? and seq > ? order by seq limit 1000"
                      .formatted(trail.table()))
              .params(tenant, last)
              .query((row, _) -> link(row, trail))
              .list();
      if (page.isEmpty()) {
        return;
      }
      page.forEach(each);
      last = page.getLast().seq();
    }
  }

  Optional<Long> firstSeq(UUID tenant, Trail trail, long after) {
    return jdbc.sql(
            "select min(seq) from %s where tenant_id = ? and seq > ?".formatted(trail.table()))
        .params(tenant, after)
        .query(Long.class)
        .optional();
  }

  List<Checkpoint> checkpoints(UUID tenant, Trail trail) {
    return jdbc.sql(
            "select * from %s where tenant_id = ? order by seq".formatted(trail.checkpoints()))
        .param(tenant)
        .query(
            (row, _) ->
                new Checkpoint(
                    tenant,
                    trail,
                    row.getLong("seq"),
                    hex(row),
                    row.getTimestamp("at").getTime(),
                    row.getString("public_key"),
                    row.getString("signature")))
        .list();
  }

  /** False if there is a checkpoint of this row already. */
  boolean add(Checkpoint checkpoint) {
    return jdbc.sql(
                """
                insert into %s (tenant_id, seq, hash, at, public_key, signature)
                values (?, ?, ?, ?, ?, ?) on conflict do nothing
                """
                    .formatted(checkpoint.trail().checkpoints()))
            .params(
                checkpoint.tenantId(),
                checkpoint.seq(),
                HexFormat.of().parseHex(checkpoint.hash()),
                new Timestamp(checkpoint.at()),
                checkpoint.publicKey(),
                checkpoint.signature())
            .update()
        > 0;
  }

  private static ChainLink link(ResultSet row, Trail trail) throws SQLException {
    SortedMap<String, String> content = new TreeMap<>();
    for (String column : trail == Trail.EVENTS ? EVENT_COLUMNS : ANSWER_COLUMNS) {
      ChainLink.put(
          content,
          column,
          column.equals("at") ? row.getTimestamp(column).toInstant() : row.getString(column));
    }
    byte[] hash = row.getBytes("hash");
    return new ChainLink(row.getLong("seq"), content, hash == null ? "" : ChainLink.hex(hash));
  }

  private static String hex(ResultSet row) throws SQLException {
    return ChainLink.hex(row.getBytes("hash"));
  }
}
