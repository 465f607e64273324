package io.galerne.engine.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether HotSpot's optimising compiler, C2, is at work. Only it turns the Vector API into
 * vector instructions: in the interpreter and in C1's code each operation is a call that allocates,
 * hundreds of times slower than plain loops.
 */
final class OptimisingCompiler {
  /** The tier of C2; those below are the interpreter and C1. */
  private static final int TIER = 4;

  private OptimisingCompiler() {}

  /** Whether this JVM was told to do without it. A JVM other than HotSpot is taken to optimise. */
  static boolean isOff() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (options == null) {
      return false;
    }
    String tier = option(options, "TieredStopAtLevel");
    return "false".equals(option(options, "UseCompiler"))
        || "quick-only".equals(option(options, "CompilationMode"))
        || (tier != null && Integer.parseInt(tier) < TIER);
  }

  private static @Nullable String option(HotSpotDiagnosticMXBean options, String name) {
    try {
      return options.getVMOption(name).getValue();
    } catch (IllegalArgumentException e) {
      return null; // A build of HotSpot without this option has nothing to switch off by it.
    }
  }
}
