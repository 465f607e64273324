package io.galerne.engine.kernel;

import java.util.ArrayList;
import java.util.List;

/** The rungs of the kernel ladder that this machine has. */
public final class Rungs {
  private Rungs() {}

  public static List<KernelChoice> all() {
    List<KernelChoice> rungs = new ArrayList<>(List.of(KernelChoice.SCALAR, KernelChoice.VECTOR));
    if (MachineKernels.ofThisMachine().isPresent()) {
      rungs.add(KernelChoice.MACHINE);
    }
    return rungs;
  }

  /** Those that are held to the scalar specification. */
  public static List<Kernels> fast() {
    return all().stream()
        .filter(choice -> choice != KernelChoice.SCALAR)
        .map(KernelLadder::choose)
        .toList();
  }
}
