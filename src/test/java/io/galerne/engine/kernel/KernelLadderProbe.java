package io.galerne.engine.kernel;

/** Prints the kernels that {@link KernelLadder} gives in a JVM of {@link KernelLadderTests}. */
final class KernelLadderProbe {
  private KernelLadderProbe() {}

  public static void main(String[] args) {
    System.out.println("kernels=" + KernelLadder.choose(KernelChoice.valueOf(args[0])).name());
  }
}
