package io.galerne.engine.kernel;

/** Chooses the fastest kernels that this JVM can run. */
public final class KernelLadder {
  private static final System.Logger LOG = System.getLogger(KernelLadder.class.getName());
  private static final String MODULE = "jdk.incubator.vector";

  private KernelLadder() {}

  /** The kernels of a rung, or the highest rung that runs here. */
  public static Kernels choose(KernelChoice choice) {
    return switch (choice) {
      case SCALAR -> new ScalarKernels();
      case VECTOR -> new VectorKernels();
      case MACHINE ->
          MachineKernels.ofThisMachine()
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "kernels in machine code need Linux on x86-64 with AVX-512, and memory"
                              + " that may be executed"));
      case AUTOMATIC -> automatic();
    };
  }

  private static Kernels automatic() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return scalar("start the JVM with --add-modules=" + MODULE);
    }
    if (OptimisingCompiler.isOff()) {
      return scalar("start the JVM without -Xint, -XX:TieredStopAtLevel and -XX:CompilationMode");
    }
    return MachineKernels.ofThisMachine().orElseGet(VectorKernels::new);
  }

  private static Kernels scalar(String remedy) {
    LOG.log(System.Logger.Level.WARNING, "slow scalar kernels in force: " + remedy);
    return new ScalarKernels();
  }
}
