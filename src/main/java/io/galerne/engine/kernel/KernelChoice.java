package io.galerne.engine.kernel;

import org.springframework.modulith.NamedInterface;

/** Which rung of the kernel ladder to use. All give the same bits. */
@NamedInterface("kernel")
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
