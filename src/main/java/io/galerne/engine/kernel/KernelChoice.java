package io.galerne.engine.kernel;

/** Which rung of the kernel ladder to use. All give the same bits. */
public enum KernelChoice {
  /** The highest that runs on this JVM. */
  AUTOMATIC,
  /** The specification: slow, on any JVM. */
  SCALAR,
  /** The Vector API. */
  VECTOR,
  /** Machine code for AVX-512, and the Vector API for what it doesn't cover. */
  MACHINE
}
