package io.galerne.engine;

/** Watches weights being loaded. */
@FunctionalInterface
public interface LoadListener {
  /** Watches nothing. */
  LoadListener NONE = (done, total) -> {};

  /**
   * So many bytes of the packed weights are ready. The first call, with none, comes when the file
   * has been checked and found to fit into memory, before anything of its size is allocated.
   */
  void progress(long done, long total);
}
