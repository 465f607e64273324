package io.galerne.engine;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Computes masks beside the model. */
final class MaskThread implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("galerne-masks").daemon().factory());

  /** Begins to compute the masks that the step at hand will need. */
  void prepare(List<Guide> guides) {
    // What fails here fails again where the mask is used, and is told there.
    var _ = thread.submit(() -> guides.forEach(Guide::prepare));
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
