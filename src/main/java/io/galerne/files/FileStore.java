package io.galerne.files;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import java.io.InputStream;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The files of each workspace. A file exists from when it is complete until it expires; before and
 * after, and for other workspaces and tenants, it is not found.
 */
@Component
public class FileStore {
  private static final String VISIBLE =
      """
      from stored_file
      where tenant_id = :tenant and workspace_id = :workspace and ready and expires_at > now()
        and (visibility = 'WORKSPACE' or api_key_id = :key)
      """;

  private static final int SECRET_BYTES = 32;

  private final TenantTransactions transactions;
  private final TransactionTemplate anyTenant;
  private final JdbcClient jdbc;
  private final FilesProperties limits;
  private final SecureRandom random = new SecureRandom();

  FileStore(
      TenantTransactions transactions,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      FilesProperties limits) {
    this.transactions = transactions;
    this.anyTenant = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.limits = limits;
  }

  /** A part of a list, and how many there are in all; the total is null where nobody asked. */
  public record Page(List<StoredFile> files, @Nullable Long total) {}

  /**
   * Begins a file. The writer must be closed; what was not completed by then is deleted.
   *
   * @throws FileRefusedException if the tenant has too many files
   */
  public FileWriter create(Caller caller) {
    transactions.runInTenant(caller.tenantId(), this::requireFewFiles);
    return create(caller, true);
  }

  /** Begins a file of the platform's own, whose size was bounded before. */
  public FileWriter createResult(Caller caller) {
    return create(caller, false);
  }

  private FileWriter create(Caller caller, boolean bounded) {
    UUID id = UUID.randomUUID();
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    transactions.runInTenant(
        caller.tenantId(),
        () ->
            jdbc.sql(
                    """
                    insert into stored_file (tenant_id, id, workspace_id, api_key_id, filename,
                        sample_type, visibility, mimetype, link_secret, expires_at)
                    values (?, ?, ?, ?, 'incomplete', 'BATCH_REQUEST', 'USER', 'text/plain', ?,
                        now() + make_interval(secs => ?))
                    """)
                .params(
                    caller.tenantId(),
                    id,
                    caller.workspaceId(),
                    caller.apiKeyId(),
                    secret,
                    (double) limits.uploadTimeMax().toSeconds())
                .update());
    return new FileWriter(transactions, jdbc, limits, caller.tenantId(), id, bounded);
  }

  private void requireFewFiles() {
    int files =
        jdbc.sql("select count(*) from stored_file where expires_at > now()")
            .query(Integer.class)
            .single();
    if (files >= limits.tenantFilesMax()) {
      throw new FileRefusedException(
          new FileRefusedException.Reason.TooManyFiles(limits.tenantFilesMax()));
    }
  }

  /** The caller's file, or nothing if the caller sees none of that id. */
  public Optional<StoredFile> find(Caller caller, UUID id) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql("select * " + VISIBLE + " and id = :id")
                .params(owner(caller))
                .param("id", id)
                .query(FileStore::file)
                .optional());
  }

  /**
   * The caller's files, the newest first.
   *
   * @param page from 0
   */
  public Page list(Caller caller, FileFilter filter, int page, int pageSize, boolean withTotal) {
    StringBuilder where = new StringBuilder(VISIBLE);
    Map<String, Object> params = owner(caller);
    if (filter.sampleTypes().isEmpty()) {
      return new Page(List.of(), withTotal ? 0L : null);
    }
    where.append(" and sample_type in (:types)");
    params.put("types", filter.sampleTypes().stream().map(Enum::name).toList());
    if (!filter.mimetypes().isEmpty()) {
      where.append(" and mimetype in (:mimetypes)");
      params.put("mimetypes", filter.mimetypes());
    }
    String search = filter.search();
    if (search != null) {
      where.append(" and position(lower(:search) in lower(filename)) > 0");
      params.put("search", search);
    }
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          List<StoredFile> files =
              jdbc.sql(
                      "select * "
                          + where
                          + " order by created_at desc, id limit :size offset :from")
                  .params(params)
                  .param("size", pageSize)
                  .param("from", (long) page * pageSize)
                  .query(FileStore::file)
                  .list();
          Long total =
              withTotal
                  ? jdbc.sql("select count(*) " + where).params(params).query(Long.class).single()
                  : null;
          return new Page(files, total);
        });
  }

  /** False if the caller sees no such file. */
  public boolean delete(Caller caller, UUID id) {
    return transactions.inTenant(
        caller.tenantId(),
        () ->
            jdbc.sql("delete " + VISIBLE + " and id = :id")
                    .params(owner(caller))
                    .param("id", id)
                    .update()
                > 0);
  }

  /**
   * The bytes of a file that was found. Each piece is read in a transaction of its own, or in the
   * one that is running; a file deleted meanwhile ends in an {@link java.io.IOException}.
   */
  public InputStream open(UUID tenantId, StoredFile file) {
    return new FileContent(transactions, jdbc, tenantId, file.id(), file.bytes());
  }

  /** Deletes what has expired, of all tenants; how many files that were. */
  public int deleteExpired() {
    Integer deleted =
        anyTenant.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.expiry", "on");
              return jdbc.sql("delete from stored_file where expires_at <= now()").update();
            });
    return deleted == null ? 0 : deleted;
  }

  static StoredFile file(ResultSet row, int index) throws SQLException {
    return new StoredFile(
        row.getObject("id", UUID.class),
        row.getString("filename"),
        SampleType.valueOf(row.getString("sample_type")),
        Visibility.valueOf(row.getString("visibility")),
        row.getString("mimetype"),
        row.getLong("bytes"),
        row.getInt("line_count"),
        row.getString("signature"),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("expires_at").toInstant());
  }

  private static Map<String, Object> owner(Caller caller) {
    Map<String, Object> params = new HashMap<>();
    params.put("tenant", caller.tenantId());
    params.put("workspace", caller.workspaceId());
    params.put("key", caller.apiKeyId());
    return params;
  }
}
