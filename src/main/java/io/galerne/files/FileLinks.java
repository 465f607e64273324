package io.galerne.files;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Links that let anybody who has one download one file for some time: an HMAC-SHA-256 over the
 * file's id and the link's end, under a secret that each file has of its own and takes with it.
 */
@Component
public class FileLinks {
  private static final String ALGORITHM = "HmacSHA256";

  private final TenantTransactions transactions;
  private final TransactionTemplate anyTenant;
  private final JdbcClient jdbc;
  private final Clock clock;

  FileLinks(
      TenantTransactions transactions,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      Clock clock) {
    this.transactions = transactions;
    this.anyTenant = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * A link's varying parts.
   *
   * @param expires seconds since 1970
   * @param signature hexadecimal
   */
  public record Link(UUID fileId, long expires, String signature) {}

  /** A file that a link leads to, and whose it is. */
  public record Linked(UUID tenantId, StoredFile file) {}

  /** A link to a file that the caller was found to see. */
  public Link sign(Caller caller, StoredFile file, Duration lifetime) {
    long expires = clock.instant().plus(lifetime).getEpochSecond();
    byte[] secret =
        transactions.inTenant(
            caller.tenantId(),
            () ->
                jdbc.sql("select link_secret from stored_file where id = ?")
                    .param(file.id())
                    .query(byte[].class)
                    .single());
    return new Link(
        file.id(), expires, HexFormat.of().formatHex(signature(secret, file.id(), expires)));
  }

  /** What the link leads to; nothing if it is not ours, has ended, or its file has. */
  public Optional<Linked> follow(Link link) {
    if (!clock.instant().isBefore(Instant.ofEpochSecond(link.expires()))) {
      return Optional.empty();
    }
    byte[] presented;
    try {
      presented = HexFormat.of().parseHex(link.signature());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    Optional<Linked> linked = anyTenant.execute(_ -> lookUp(link, presented));
    return linked == null ? Optional.empty() : linked;
  }

  private Optional<Linked> lookUp(Link link, byte[] presented) {
    TenantTransactions.setForTransaction(jdbc, "galerne.file_link", link.fileId().toString());
    return jdbc.sql("select * from stored_file where id = ? and ready and expires_at > now()")
        .param(link.fileId())
        .query(
            (row, index) -> {
              byte[] expected =
                  signature(row.getBytes("link_secret"), link.fileId(), link.expires());
              return MessageDigest.isEqual(expected, presented)
                  ? Optional.of(
                      new Linked(
                          row.getObject("tenant_id", UUID.class), FileStore.file(row, index)))
                  : Optional.<Linked>empty();
            })
        .optional()
        .flatMap(found -> found);
  }

  private static byte[] signature(byte[] secret, UUID fileId, long expires) {
    byte[] signed =
        ByteBuffer.allocate(3 * Long.BYTES)
            .putLong(fileId.getMostSignificantBits())
            .putLong(fileId.getLeastSignificantBits())
            .putLong(expires)
            .array();
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return mac.doFinal(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
