package io.galerne.files;

import io.galerne.database.TenantTransactions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads a file piece by piece. For one thread. */
final class FileContent extends InputStream {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final UUID tenantId;
  private final UUID fileId;
  private long left;
  private byte[] chunk = new byte[0];
  private int read;
  private int chunks;

  FileContent(
      TenantTransactions transactions, JdbcClient jdbc, UUID tenantId, UUID fileId, long bytes) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.tenantId = tenantId;
    this.fileId = fileId;
    this.left = bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (read == chunk.length) {
      if (left == 0) {
        return -1;
      }
      load();
    }
    int part = Math.min(length, chunk.length - read);
    System.arraycopy(chunk, read, target, offset, part);
    read += part;
    return part;
  }

  private void load() throws IOException {
    chunk =
        transactions
            .inTenant(
                tenantId,
                () ->
                    jdbc.sql(
                            "select content from stored_file_chunk where file_id = ? and position ="
                                + " ?")
                        .params(fileId, chunks)
                        .query(byte[].class)
                        .optional())
            .orElseThrow(() -> new IOException("the file is not there any more"));
    chunks++;
    read = 0;
    left -= chunk.length;
  }
}
