package io.galerne.console;

import io.galerne.engine.EngineStatistics;
import java.util.Collection;

/** Figures of all engines together; nothing in them tells one tenant from another. */
record EngineFigures(
    String kernels,
    int threads,
    int running,
    int waiting,
    long promptTokens,
    long generatedTokens,
    int kvBlocksUsed,
    int kvBlocks) {

  private static final EngineFigures NONE = new EngineFigures("", 0, 0, 0, 0, 0, 0, 0);

  static EngineFigures of(Collection<EngineStatistics> engines) {
    EngineFigures sum = NONE;
    for (EngineStatistics engine : engines) {
      sum = sum.plus(engine);
    }
    return sum;
  }

  private EngineFigures plus(EngineStatistics engine) {
    return new EngineFigures(
        engine.kernels(),
        engine.threads(),
        running + engine.running(),
        waiting + engine.waiting(),
        promptTokens + engine.promptTokens(),
        generatedTokens + engine.generatedTokens(),
        kvBlocksUsed + engine.kvBlocksUsed(),
        kvBlocks + engine.kvBlocks());
  }
}
