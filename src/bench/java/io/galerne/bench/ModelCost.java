package io.galerne.bench;

import io.galerne.bench.Measurement.Work;
import io.galerne.engine.WeightsInspection;
import java.nio.file.Path;

/**
 * What a model asks of a machine: its weights are read once for a step and multiplied once for each
 * token. Attention and the embeddings that are no output matrix are left out.
 */
record ModelCost(long weights, long bytes) {
  static ModelCost of(Path file) {
    WeightsInspection inspection = WeightsInspection.of(file);
    Long active = inspection.activeParameters();
    return new ModelCost(active == null ? inspection.parameters() : active, inspection.sizeBytes());
  }

  /** Tokens a second of all streams that the machine's memory and processors don't forbid. */
  double limit(MachineLimits machine, int streams) {
    return Math.min(
        streams * machine.bytesPerSecond() / bytes, machine.flopsPerSecond() / (2.0 * weights));
  }

  /** A prompt's tokens share each reading of the weights. */
  double limit(MachineLimits machine, Work work) {
    return limit(machine, work.streams() == 0 ? Work.PROMPT_TOKENS : work.streams());
  }
}
