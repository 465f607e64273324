package io.galerne.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kernels a JVM with other options gets. */
class KernelLadderTests {
  private static final String VECTOR_API = "--add-modules=jdk.incubator.vector";

  /** Of a JVM that optimises: by the processor. */
  private static final String HIGHEST =
      MachineKernels.ofThisMachine().isPresent() ? "machine-512" : "vector-";

  @ParameterizedTest
  @CsvSource({
    "AUTOMATIC, , %",
    "AUTOMATIC, -XX:-TieredCompilation, %",
    "AUTOMATIC, -XX:MaxVectorSize=32, vector-",
    "AUTOMATIC, -Xint, scalar",
    "AUTOMATIC, -XX:TieredStopAtLevel=1, scalar",
    "AUTOMATIC, -XX:TieredStopAtLevel=3, scalar",
    "AUTOMATIC, -XX:CompilationMode=quick-only, scalar",
    "VECTOR, -XX:TieredStopAtLevel=1, vector-",
    "VECTOR, , vector-",
    "SCALAR, , scalar"
  })
  void vectorsAreForJvmsThatOptimise(String choice, String option, String kernels)
      throws Exception {
    List<String> options = option == null ? List.of(VECTOR_API) : List.of(VECTOR_API, option);
    assertThat(probe(choice, options)).contains("kernels=" + kernels.replace("%", HIGHEST));
  }

  @Test
  void withoutTheVectorApiThereAreOnlyScalarKernels() throws Exception {
    assertThat(probe("AUTOMATIC", List.of()))
        .contains("kernels=scalar")
        .contains("start the JVM with " + VECTOR_API);
  }

  @Test
  void machineCodeIsRefusedWhereTheProcessorLacksIt() throws Exception {
    assertThat(probe("MACHINE", List.of(VECTOR_API, "-XX:UseAVX=2")))
        .contains("kernels in machine code need Linux on x86-64 with AVX-512");
  }

  private static String probe(String choice, List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    String classes = place(KernelLadder.class) + ":" + place(KernelLadderProbe.class);
    command.addAll(List.of("-cp", classes, KernelLadderProbe.class.getName(), choice));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static Path place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
