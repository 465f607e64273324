package io.galerne.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Follows a chain row by row and remembers the first thing that does not fit. */
final class ChainCheck {
  private final UUID tenantId;
  private final Trail trail;
  private final Map<Long, Checkpoint> checkpoints = new HashMap<>();
  private long seq;
  private String hash;
  private long rows;
  private Verdict.@Nullable Broken broken;

  /**
   * @param seq the row before the first that follows
   * @param hash its hash
   */
  ChainCheck(UUID tenantId, Trail trail, long seq, String hash) {
    this.tenantId = tenantId;
    this.trail = trail;
    this.seq = seq;
    this.hash = hash;
  }

  /** A checkpoint that the chain must go through; of a key that is trusted. */
  void mustPass(Checkpoint checkpoint, String trustedKey) {
    if (!checkpoint.tenantId().equals(tenantId) || checkpoint.trail() != trail) {
      fail("checkpoint " + checkpoint.seq(), "it is of another trail");
    } else if (!checkpoint.publicKey().equals(trustedKey) || !checkpoint.isSigned()) {
      fail("checkpoint " + checkpoint.seq(), "it is not signed with the key");
    } else if (checkpoint.seq() == seq && !checkpoint.hash().equals(hash)) {
      fail("checkpoint " + checkpoint.seq(), "the chain begins with another hash");
    } else {
      Checkpoint other = checkpoints.put(checkpoint.seq(), checkpoint);
      if (other != null && !other.hash().equals(checkpoint.hash())) {
        fail("checkpoint " + checkpoint.seq(), "two signed checkpoints differ: a rewritten trail");
      }
    }
  }

  void next(ChainLink link) {
    if (broken != null) {
      return;
    }
    if (link.seq() != seq + 1) {
      fail("row " + (seq + 1), "row " + link.seq() + " is in its place");
    } else if (!link.follows(hash, tenantId, trail)) {
      fail("row " + link.seq(), "its hash is not that of its content and the row before");
    } else {
      seq = link.seq();
      hash = link.hash();
      rows++;
      Checkpoint checkpoint = checkpoints.get(seq);
      if (checkpoint != null && !checkpoint.hash().equals(hash)) {
        fail("row " + seq, "a signed checkpoint has another hash: the trail was rewritten");
      }
    }
  }

  void fail(String where, String reason) {
    if (broken == null) {
      broken = new Verdict.Broken(where, reason);
    }
  }

  /** After the last row. Nothing may be missing up to the last checkpoint. */
  Verdict end(String trustedKey) {
    long reached = checkpoints.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    if (reached > seq) {
      fail("row " + (seq + 1), "missing: a signed checkpoint says there are " + reached + " rows");
    }
    Verdict.Broken found = broken;
    return found == null ? new Verdict.Intact(rows, seq, trustedKey) : found;
  }

  long seq() {
    return seq;
  }

  String hash() {
    return hash;
  }

  boolean isBroken() {
    return broken != null;
  }
}
