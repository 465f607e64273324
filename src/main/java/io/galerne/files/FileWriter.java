package io.galerne.files;

import io.galerne.database.TenantTransactions;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes one file, piece by piece, each in a transaction of its own or in the one that is running:
 * a slow upload must not hold a connection. For one thread.
 */
public final class FileWriter extends OutputStream {
  static final int CHUNK_BYTES = 256 * 1024;

  private static final int SIGNATURE_BYTES = 8;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final FilesProperties limits;
  private final UUID tenantId;
  private final UUID id;
  private final boolean bounded;
  private final MessageDigest digest;
  private final byte[] buffer = new byte[CHUNK_BYTES];
  private int buffered;
  private int chunks;
  private long bytes;
  private boolean complete;

  FileWriter(
      TenantTransactions transactions,
      JdbcClient jdbc,
      FilesProperties limits,
      UUID tenantId,
      UUID id,
      boolean bounded) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.limits = limits;
    this.tenantId = tenantId;
    this.id = id;
    this.bounded = bounded;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Bytes written so far. */
  public long bytes() {
    return bytes;
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  /**
   * @throws FileRefusedException if the file becomes too large
   */
  @Override
  public void write(byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    if (bounded && bytes + length > limits.sizeMax().toBytes()) {
      throw new FileRefusedException(
          new FileRefusedException.Reason.TooLarge(limits.sizeMax().toBytes()));
    }
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, CHUNK_BYTES - buffered);
      System.arraycopy(source, offset + done, buffer, buffered, part);
      buffered += part;
      done += part;
      if (buffered == CHUNK_BYTES) {
        store();
      }
    }
    digest.update(source, offset, length);
    bytes += length;
  }

  /**
   * Makes the file one that is found.
   *
   * @throws FileRefusedException if the tenant's files would be too much together
   */
  public StoredFile complete(FileDescription description) {
    if (buffered > 0) {
      store();
    }
    StoredFile file = transactions.inTenant(tenantId, () -> publish(description));
    complete = true;
    return file;
  }

  /** Deletes what was written, unless it was completed. */
  @Override
  public void close() {
    if (!complete) {
      transactions.runInTenant(
          tenantId, () -> jdbc.sql("delete from stored_file where id = ?").param(id).update());
    }
  }

  private void store() {
    byte[] content = Arrays.copyOf(buffer, buffered);
    transactions.runInTenant(
        tenantId,
        () ->
            jdbc.sql("insert into stored_file_chunk values (?, ?, ?, ?)")
                .params(tenantId, id, chunks, content)
                .update());
    chunks++;
    buffered = 0;
  }

  private StoredFile publish(FileDescription description) {
    Duration lifetime = description.lifetime();
    if (bounded) {
      requireRoom();
    }
    return jdbc.sql(
            """
            update stored_file
            set filename = :filename, sample_type = :type, visibility = :visibility,
                mimetype = :mimetype, bytes = :bytes, line_count = :lines, signature = :signature,
                ready = true, expires_at = now() + make_interval(secs => :lifetime)
            where id = :id
            returning *
            """)
        .param("filename", description.filename())
        .param("type", description.sampleType().name())
        .param("visibility", description.visibility().name())
        .param("mimetype", description.mimetype())
        .param("bytes", bytes)
        .param("lines", description.lines())
        .param("signature", HexFormat.of().formatHex(digest.digest(), 0, SIGNATURE_BYTES))
        .param("lifetime", (double) (lifetime == null ? limits.retention() : lifetime).toSeconds())
        .param("id", id)
        .query(FileStore::file)
        .single();
  }

  /** Uploads that end together are counted one after the other. */
  private void requireRoom() {
    jdbc.sql("select 1 from tenant for update").query().listOfRows();
    long others =
        jdbc.sql(
                "select coalesce(sum(bytes), 0) from stored_file where ready and expires_at >"
                    + " now()")
            .query(Long.class)
            .single();
    if (others + bytes > limits.tenantSizeMax().toBytes()) {
      throw new FileRefusedException(
          new FileRefusedException.Reason.TenantFull(limits.tenantSizeMax().toBytes()));
    }
  }
}
