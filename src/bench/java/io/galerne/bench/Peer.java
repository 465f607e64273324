package io.galerne.bench;

import java.util.List;

/** An engine that can be measured. */
interface Peer extends AutoCloseable {
  String name();

  /** Does the work once and returns what it measured; empty if this engine can't do it. */
  List<Measurement> measure(Measurement.Work work);

  @Override
  default void close() {}
}
