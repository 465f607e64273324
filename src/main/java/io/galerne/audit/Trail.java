package io.galerne.audit;

/** The two chains that a tenant has. */
public enum Trail {
  /** Changes and sensitive reads. */
  EVENTS("audit_event", "audit_head", "audit_checkpoint", "audit_prune"),
  /** Answers that models gave. */
  ANSWERS("answer_record", "answer_head", "answer_checkpoint", "answer_prune");

  private final String table;
  private final String head;
  private final String checkpoints;
  private final String prune;

  Trail(String table, String head, String checkpoints, String prune) {
    this.table = table;
    this.head = head;
    this.checkpoints = checkpoints;
    this.prune = prune;
  }

  String table() {
    return table;
  }

  String head() {
    return head;
  }

  String checkpoints() {
    return checkpoints;
  }

  String prune() {
    return prune;
  }
}
