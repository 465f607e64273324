package io.galerne.engine.kernel;

/** Which rung of the kernel ladder to use. */
public enum KernelChoice {
  /** The highest that runs on this JVM. */
  AUTOMATIC,
  /** The specification: slow, on any JVM. */
  SCALAR,
  /** The Vector API. */
  VECTOR
}
