package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import io.galerne.secrets.SealedPlace;
import io.galerne.secrets.SecretBox;
import io.galerne.secrets.TenantCipher;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Records of answers, chained, and their content where a tenant wants it kept. */
@Service
public class AnswerRecords {
  private static final String COLUMN = "answer_content.sealed";

  private final TenantTransactions transactions;
  private final ChainStore chains;
  private final AuditSettings settings;
  private final SecretBox box;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final Clock clock;

  AnswerRecords(
      TenantTransactions transactions,
      ChainStore chains,
      AuditSettings settings,
      SecretBox box,
      JdbcClient jdbc,
      JsonMapper json,
      Clock clock) {
    this.transactions = transactions;
    this.chains = chains;
    this.settings = settings;
    this.box = box;
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Adds a record; a second one for a request changes nothing.
   *
   * @param content asked for only if the tenant wants it kept
   */
  public void record(UUID tenantId, AnswerRecord record, Supplier<AnswerContent> content) {
    transactions.runInTenant(
        tenantId,
        () -> {
          if (find(tenantId, record.requestId()).isEmpty()) {
            insert(tenantId, record);
            if (settings.of(tenantId).keepContent()) {
              keep(tenantId, record.requestId(), content.get());
            }
          }
        });
  }

  private void insert(UUID tenantId, AnswerRecord record) {
    Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String text = json.writeValueAsString(record);
    SortedMap<String, String> fields = new TreeMap<>();
    ChainLink.put(fields, "request_id", record.requestId());
    ChainLink.put(fields, "at", at);
    ChainLink.put(fields, "record", text);
    chains.append(
        tenantId,
        Trail.ANSWERS,
        fields,
        (seq, hash) ->
            jdbc.sql(
                    """
                    insert into answer_record (tenant_id, seq, request_id, at, record, hash)
                    values (?, ?, ?, ?, ?, ?)
                    """)
                .params(tenantId, seq, record.requestId(), Timestamp.from(at), text, hash)
                .update());
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

  private static SealedPlace place(UUID tenantId, UUID requestId) {
    return new SealedPlace(tenantId, requestId.toString(), COLUMN);
  }
}
