package io.galerne.engine.scheduler;

import org.jspecify.annotations.Nullable;

/** Ways to break the scheduler: each must turn the simulation red. */
enum Fault {
  NONE(""),
  /** Nothing is charged, so requests go in order of arrival. */
  FIRST_COME_FIRST_SERVED("fairness"),
  /** A key that pauses keeps its low counter. */
  NO_LIFT("fairness"),
  /** A block that a second sequence shares still counts one user. */
  NO_REFERENCE_COUNT("references"),
  /** Blocks are named by their tokens alone, in one namespace for all. */
  NO_NAMESPACE("namespace"),
  /** Blocks are named by their own tokens, not by those before them. */
  NO_PARENT("cache"),
  /** Blocks are returned a position too early. */
  WINDOW_TOO_SHORT("cache"),
  /** Batch requests go on as if nobody waited. */
  NO_YIELD("yield"),
  /** Batch requests stand still while somebody waits. */
  BATCH_STANDS_STILL("work"),
  /** One of those that decode is forgotten. */
  ONE_FORGOTTEN("work");

  /** The invariant that must be seen broken. */
  final String breaks;

  Fault(String breaks) {
    this.breaks = breaks;
  }

  VirtualTokenCounter counter(int idleKeysMax) {
    return new VirtualTokenCounter(idleKeysMax) {
      @Override
      void charge(Sequence sequence, double cost, int tokens) {
        super.charge(sequence, Fault.this == FIRST_COME_FIRST_SERVED ? 0 : cost, tokens);
      }

      @Override
      void lift(Account account) {
        if (Fault.this != NO_LIFT) {
          super.lift(account);
        }
      }
    };
  }

  BlockManager blocks(int blocks, int window) {
    int effective = this == WINDOW_TOO_SHORT && window > 1 ? window - 1 : window;
    return new BlockManager(blocks, Workload.BLOCK_TOKENS, effective, hasher()) {
      @Override
      void retain(int block) {
        if (Fault.this != NO_REFERENCE_COUNT) {
          super.retain(block);
        }
      }
    };
  }

  boolean batchYields() {
    return this != NO_YIELD;
  }

  /** What becomes of a plan. */
  void tamper(ScheduledStep step) {
    for (int i = 0; i < step.size() && step.size() > 1; i++) {
      Sequence sequence = step.sequence(i);
      boolean decodes = sequence.pending() == 1 && sequence.generated() > 0;
      boolean isBatch = sequence.terms().priority() == Priority.BATCH;
      if (decodes && (this == ONE_FORGOTTEN || (this == BATCH_STANDS_STILL && isBatch))) {
        step.remove(sequence);
        return;
      }
    }
  }

  private BlockHasher hasher() {
    BlockHasher sound = new HmacBlockHasher(Workload.BLOCK_TOKENS);
    return new BlockHasher() {
      @Override
      public BlockKey hash(
          CacheNamespace namespace,
          @Nullable BlockKey parent,
          Sequence sequence,
          int from,
          int count) {
        return sound.hash(
            Fault.this == NO_NAMESPACE ? CacheNamespace.PUBLIC : namespace,
            Fault.this == NO_PARENT ? null : parent,
            sequence,
            from,
            count);
      }
    };
  }
}
