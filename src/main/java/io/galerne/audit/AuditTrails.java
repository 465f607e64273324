package io.galerne.audit;

import io.galerne.database.TenantTransactions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** A tenant's chains as wholes: to verify, to sign, to take away as a file, to prune. */
@Service
public class AuditTrails {
  private final TenantTransactions transactions;
  private final ChainStore chains;
  private final JdbcClient jdbc;
  private final Signer signer;
  private final Anchors anchors;
  private final Clock clock;

  AuditTrails(
      TenantTransactions transactions,
      ChainStore chains,
      JdbcClient jdbc,
      Signer signer,
      Anchors anchors,
      Clock clock) {
    this.transactions = transactions;
    this.chains = chains;
    this.jdbc = jdbc;
    this.signer = signer;
    this.anchors = anchors;
    this.clock = clock;
  }

  /** The key that checkpoints are signed with: Ed25519, X.509 in Base64. */
  public String publicKey() {
    return signer.publicKey();
  }

  /** Signs where a chain stands; what was signed, or nothing if it did not grow since. */
  Optional<Checkpoint> checkpoint(UUID tenantId, Trail trail) {
    Optional<Checkpoint> signed =
        transactions.inTenant(
            tenantId,
            () ->
                chains
                    .head(tenantId, trail)
                    .filter(head -> head.seq() > 0)
                    .map(head -> sign(tenantId, trail, head.seq(), head.hash()))
                    .filter(chains::add));
    signed.ifPresent(anchors::add);
    return signed;
  }

  private Checkpoint sign(UUID tenantId, Trail trail, long seq, String hash) {
    long at = clock.millis();
    String signature = signer.sign(Checkpoint.statement(tenantId, trail, seq, hash, at));
    return new Checkpoint(tenantId, trail, seq, hash, at, signer.publicKey(), signature);
  }

  /** Looks a chain through as it is in the database, against all checkpoints there are. */
  public Verdict verify(UUID tenantId, Trail trail) {
    return transactions.inTenant(
        tenantId,
        () -> {
          Optional<ChainStore.Head> head = chains.head(tenantId, trail);
          List<Checkpoint> signed = chains.checkpoints(tenantId, trail);
          Start start = start(tenantId, trail, signed, head.orElse(null));
          ChainCheck check = new ChainCheck(tenantId, trail, start.seq(), start.hash());
          signed.stream()
              .filter(point -> point.seq() >= start.seq())
              .forEach(point -> check.mustPass(point, signer.publicKey()));
          anchors.of(tenantId, trail).stream()
              .filter(point -> point.seq() >= start.seq())
              .forEach(point -> check.mustPass(point, signer.publicKey()));
          chains.rows(tenantId, trail, start.seq(), check::next);
          head.ifPresent(
              last -> {
                if (!check.isBroken()
                    && (last.seq() != check.seq() || !last.hash().equals(check.hash()))) {
                  check.fail("head", "rows are missing after row " + check.seq());
                }
              });
          return check.end(signer.publicKey());
        });
  }

  private record Start(long seq, String hash) {}

  /** After what was pruned: the checkpoint there says what the rest goes on from. */
  private Start start(
      UUID tenantId, Trail trail, List<Checkpoint> signed, ChainStore.@Nullable Head head) {
    long unchained = head == null ? 0 : head.unchained();
    long first = chains.firstSeq(tenantId, trail, unchained).orElse(unchained + 1);
    if (first == unchained + 1) {
      return new Start(unchained, ChainLink.START);
    }
    return signed.stream()
        .filter(point -> point.seq() == first - 1 && point.isSigned())
        .findFirst()
        .map(point -> new Start(point.seq(), point.hash()))
        .orElse(new Start(unchained, ChainLink.START));
  }

  /** Writes a chain with its checkpoints as a file for {@code galerne audit verify}. */
  public void export(UUID tenantId, Trail trail, OutputStream out) {
    transactions.runInTenant(
        tenantId,
        () -> {
          Optional<ChainStore.Head> head = chains.head(tenantId, trail);
          List<Checkpoint> signed = chains.checkpoints(tenantId, trail);
          Start start = start(tenantId, trail, signed, head.orElse(null));
          try {
            ExportFile.Writer file =
                new ExportFile.Writer(
                    out,
                    signer,
                    new ExportFile.Header(
                        1, tenantId, trail, start.seq(), start.hash(), signer.publicKey()));
            write(file, tenantId, trail, start, signed);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void write(
      ExportFile.Writer file, UUID tenantId, Trail trail, Start start, List<Checkpoint> signed)
      throws IOException {
    long[] last = {start.seq()};
    String[] hash = {start.hash()};
    chains.rows(
        tenantId,
        trail,
        start.seq(),
        link -> {
          try {
            file.row(link);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          last[0] = link.seq();
          hash[0] = link.hash();
        });
    for (Checkpoint checkpoint : signed) {
      if (checkpoint.seq() >= start.seq() && checkpoint.seq() <= last[0]) {
        file.checkpoint(checkpoint);
      }
    }
    if (last[0] > 0) {
      file.checkpoint(sign(tenantId, trail, last[0], hash[0]));
    }
    file.end();
  }

  /**
   * Takes rows away whose time is over; a checkpoint stays that the rest goes on from.
   *
   * @return how many rows that were
   */
  public long prune(UUID tenantId, Trail trail, Instant before) {
    return transactions.inTenant(
        tenantId,
        () -> {
          Optional<Long> upto =
              jdbc.sql(
                      """
                      select max(point.seq) from %s point
                      where point.tenant_id = :tenant and not exists (
                        select from %s kept
                        where kept.tenant_id = :tenant and kept.seq <= point.seq
                          and kept.at >= :before)
                      """
                          .formatted(trail.checkpoints(), trail.table()))
                  .param("tenant", tenantId)
                  .param("before", Timestamp.from(before))
                  .query(Long.class)
                  .optional();
          return upto.map(
                  seq ->
                      jdbc.sql("select %s(?)".formatted(trail.prune()))
                          .param(seq)
                          .query(Long.class)
                          .single())
              .orElse(0L);
        });
  }
}
