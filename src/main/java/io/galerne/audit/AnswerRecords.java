package io.galerne.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.galerne.database.TenantTransactions;
import io.galerne.secrets.SealedPlace;
import io.galerne.secrets.SecretBox;
import io.galerne.secrets.TenantCipher;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Records of answers, chained, and their content where a tenant wants it kept. */
@Service
public class AnswerRecords {
  private static final int TENANTS_MAX = 10_000;
  private static final String COLUMN = "answer_content.sealed";

  private final TenantTransactions transactions;
  private final SecretBox box;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final Clock clock;

  /** What tenants wanted when their last record was added. */
  private final Cache<UUID, Boolean> keeping =
      Caffeine.newBuilder().maximumSize(TENANTS_MAX).build();

  AnswerRecords(
      TenantTransactions transactions,
      SecretBox box,
      JdbcClient jdbc,
      JsonMapper json,
      Clock clock) {
    this.transactions = transactions;
    this.box = box;
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  /** Adds a record of which there is no content; a second one for a request changes nothing. */
  public void record(UUID tenantId, AnswerRecord record) {
    transactions.runInTenant(tenantId, () -> insert(tenantId, record));
  }

  /**
   * Adds a record in the running transaction or one of its own; a second one for a request changes
   * nothing.
   *
   * @param content asked for only if the tenant wants it kept
   */
  public void record(UUID tenantId, AnswerRecord record, Supplier<AnswerContent> content) {
    transactions.runInTenant(
        tenantId,
        () -> {
          Boolean keep = insert(tenantId, record);
          if (keep != null) {
            keeping.put(tenantId, keep);
            if (keep) {
              keep(tenantId, record.requestId(), content.get());
            }
          }
        });
  }

  /** Null if there is a record already. */
  private @Nullable Boolean insert(UUID tenantId, AnswerRecord record) {
    Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String text = json.writeValueAsString(record);
    SortedMap<String, String> fields = new TreeMap<>();
    ChainLink.put(fields, "request_id", record.requestId());
    ChainLink.put(fields, "at", at);
    ChainLink.put(fields, "record", text);
    ChainLink.Hashed hashed = ChainLink.Hashed.of(tenantId, Trail.ANSWERS, fields);
    return jdbc.sql("select galerne_answer_record(?, ?, ?, ?, ?, ?, ?, ?)")
        .params(
            tenantId,
            record.requestId(),
            Timestamp.from(at),
            text,
            HexFormat.of().parseHex(ChainLink.START),
            hashed.beforePrevious(),
            hashed.beforeNumber(),
            hashed.fields())
        .query((row, _) -> Optional.ofNullable(row.getObject(1, Boolean.class)))
        .single()
        .orElse(null);
  }

  /** A record on its way to the database, its content under the platform's key. */
  private record Waiting(
      @JsonProperty("record") AnswerRecord record,
      @JsonProperty("content") byte @Nullable [] content) {}

  /**
   * A record as text, to be kept in a file while the database is away. It has its content, sealed,
   * if the tenant's last record had.
   */
  public String encode(UUID tenantId, AnswerRecord record, Supplier<AnswerContent> content) {
    byte[] sealed = null;
    if (Boolean.TRUE.equals(keeping.getIfPresent(tenantId))) {
      byte[] plain = json.writeValueAsBytes(content.get());
      sealed = box.seal(plain, waitingPlace(tenantId, record.requestId()));
    }
    return json.writeValueAsString(new Waiting(record, sealed));
  }

  /** As {@link #record}, of what {@link #encode} made. */
  public void recordEncoded(UUID tenantId, String encoded) {
    Waiting waiting = json.readValue(encoded, Waiting.class);
    UUID requestId = waiting.record().requestId();
    byte[] sealed = waiting.content();
    transactions.runInTenant(
        tenantId,
        () -> {
          Boolean keep = insert(tenantId, waiting.record());
          if (Boolean.TRUE.equals(keep) && sealed != null) {
            byte[] plain = box.open(sealed, waitingPlace(tenantId, requestId));
            keep(tenantId, requestId, json.readValue(plain, AnswerContent.class));
          }
        });
  }

  private void keep(UUID tenantId, UUID requestId, AnswerContent content) {
    byte[] sealed =
        new TenantCipher(key(tenantId))
            .seal(json.writeValueAsBytes(content), place(tenantId, requestId));
    jdbc.sql(
            "insert into answer_content (tenant_id, request_id, at, sealed) values (?, ?, ?, ?)"
                + " on conflict do nothing")
        .params(tenantId, requestId, Timestamp.from(clock.instant()), sealed)
        .update();
  }

  private byte[] key(UUID tenantId) {
    SealedPlace place = ContentKeys.place(tenantId);
    byte[] fresh = box.seal(TenantCipher.newKey(), place);
    jdbc.sql("insert into content_key (tenant_id, sealed) values (?, ?) on conflict do nothing")
        .params(tenantId, fresh)
        .update();
    return sealedKey(tenantId).map(found -> box.open(found, place)).orElseThrow();
  }

  private Optional<byte[]> sealedKey(UUID tenantId) {
    return jdbc.sql("select sealed from content_key where tenant_id = ?")
        .param(tenantId)
        .query((row, _) -> row.getBytes("sealed"))
        .optional();
  }

  /** A request's record, if the tenant has one. */
  public Optional<AnswerRecord> find(UUID tenantId, UUID requestId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql("select record from answer_record where tenant_id = ? and request_id = ?")
                .params(tenantId, requestId)
                .query(String.class)
                .optional()
                .map(text -> json.readValue(text, AnswerRecord.class)));
  }

  /** What was said, if it was kept and not shredded. */
  public Optional<AnswerContent> content(UUID tenantId, UUID requestId) {
    return transactions.inTenant(
        tenantId,
        () -> {
          Optional<byte[]> key = sealedKey(tenantId);
          Optional<byte[]> sealed =
              jdbc.sql("select sealed from answer_content where tenant_id = ? and request_id = ?")
                  .params(tenantId, requestId)
                  .query((row, _) -> row.getBytes("sealed"))
                  .optional();
          if (key.isEmpty() || sealed.isEmpty()) {
            return Optional.empty();
          }
          TenantCipher cipher = new TenantCipher(box.open(key.get(), ContentKeys.place(tenantId)));
          return Optional.of(
              json.readValue(
                  cipher.open(sealed.get(), place(tenantId, requestId)), AnswerContent.class));
        });
  }

  /**
   * Makes all kept content of a tenant unreadable, in backups too: its key is gone. The records
   * stay.
   */
  public void shred(UUID tenantId) {
    transactions.runInTenant(
        tenantId,
        () -> {
          jdbc.sql("delete from content_key where tenant_id = ?").param(tenantId).update();
          jdbc.sql("delete from answer_content where tenant_id = ?").param(tenantId).update();
        });
  }

  private static SealedPlace waitingPlace(UUID tenantId, UUID requestId) {
    return new SealedPlace(tenantId, requestId.toString(), "spool.content");
  }

  private static SealedPlace place(UUID tenantId, UUID requestId) {
    return new SealedPlace(tenantId, requestId.toString(), COLUMN);
  }
}
