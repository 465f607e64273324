package io.galerne.engine;

import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.scheduler.Sequence;

/** What the tests of exactness look at, and where their negative controls put a wrong kernel in. */
interface EngineProbe {
  /** Looks at nothing and changes nothing. */
  EngineProbe NONE = new EngineProbe() {};

  /** The kernels to compute with. */
  default Kernels kernels(Kernels chosen) {
    return chosen;
  }

  /**
   * The logits from which a sequence's next token is about to be drawn, on a thread of the pool.
   *
   * @param logits {@code [vocabulary]} from {@code offset}
   */
  default void logits(Sequence sequence, float[] logits, int offset) {}

  /** The tokens that a sequence's grammar allows next, on a thread of the pool. */
  default void mask(Sequence sequence, long[] allowed) {}
}
