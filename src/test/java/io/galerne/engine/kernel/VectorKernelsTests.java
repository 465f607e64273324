package io.galerne.engine.kernel;

/** In whatever width the JVM prefers; the build also runs it with vectors of 256 and 128 bits. */
class VectorKernelsTests extends KernelsContract {
  @Override
  Kernels kernels() {
    return new VectorKernels();
  }
}
