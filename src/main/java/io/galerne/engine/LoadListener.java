package io.galerne.engine;

/** Watches weights being loaded. */
@FunctionalInterface
public interface LoadListener {
  /** Watches nothing. */
  LoadListener NONE = (done, total) -> {};

  /** So many bytes of the packed weights are ready. */
  void progress(long done, long total);
}
