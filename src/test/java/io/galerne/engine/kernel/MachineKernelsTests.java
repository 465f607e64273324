package io.galerne.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Where a processor has no AVX-512 there is nothing to test. */
class MachineKernelsTests extends KernelsContract {
  @Override
  Kernels kernels() {
    Assumptions.assumeTrue(MachineKernels.ofThisMachine().isPresent(), "AVX-512 under Linux");
    return KernelLadder.choose(KernelChoice.MACHINE);
  }

  @Test
  void memoryThatTheSystemRefusesIsNoError() {
    assertThat(MachineCode.load(List.of())).as("an empty mapping").isEmpty();
  }
}
