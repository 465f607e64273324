package io.galerne.launch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Lets {@code java -jar galerne.jar} have the Vector API.
 *
 * <p>It is an incubator module, which the JVM resolves only when told so on its command line; a
 * manifest cannot ask for it. So the first thing the program does is to replace itself, in the same
 * process, by the same command with that option. Where the system has no {@code execv}, the command
 * runs as a child process instead. Where {@code galerne prepare} was run, the second start is from
 * what that made.
 */
public final class Relaunch {
  static final String MODULE = "jdk.incubator.vector";
  static final List<String> OPTIONS =
      List.of("--add-modules=" + MODULE, "--enable-native-access=ALL-UNNAMED");

  /** Set for the second start, so that there is no third. */
  private static final String MARK = "galerne.relaunched";

  private static final long CHILD_STOP_SECONDS_MAX = 90;

  private Relaunch() {}

  /**
   * Returns if this JVM has what the engine needs. Otherwise it does not return: the program goes
   * on in a JVM that has, or ends with a message that says why not.
   */
  public static void withEngineModules() {
    if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
      return;
    }
    if (ModuleFinder.ofSystem().find(MODULE).isEmpty()) {
      refuse("this Java runtime lacks the module " + MODULE + "; a full JDK 25 has it");
    }
    if (Boolean.getBoolean(MARK)) {
      refuse("the module " + MODULE + " stays hidden; is there a --limit-modules?");
    }
    Optional<CommandLine> own = CommandLine.ofThisProcess();
    if (own.isEmpty()) {
      refuse("cannot tell how this JVM was started; start it with " + String.join(" ", OPTIONS));
    }
    List<String> command = again(own.orElseThrow());
    if (!Boolean.getBoolean("galerne.launch.child")) {
      replaceProcess(command);
    }
    runAsChild(command);
  }

  /** With what the engine needs, and from what was prepared if that is there. */
  private static List<String> again(CommandLine own) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.add("-D" + MARK + "=true");
    PreparedStart prepared = PreparedStart.of(own).filter(PreparedStart::isFresh).orElse(null);
    if (prepared == null) {
      return own.withOptions(options);
    }
    options.add("-XX:AOTCache=" + prepared.cache());
    return own.withJar(prepared.program()).withOptions(options);
  }

  private static void refuse(String reason) {
    System.err.println("Galerne cannot start: " + reason + ".");
    System.exit(1);
  }

  /** Returns only if the system could not do it. */
  private static void replaceProcess(List<String> command) {
    System.out.flush();
    System.err.flush();
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> address = linker.defaultLookup().find("execv");
    if (address.isEmpty()) {
      return;
    }
    MethodHandle execv =
        linker.downcallHandle(
            address.get(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
      for (int i = 0; i < command.size(); i++) {
        arguments.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i)));
      }
      int result = (int) execv.invokeExact(arena.allocateFrom(command.getFirst()), arguments);
      System.err.println("execv gave " + result + "; running as a child process instead");
    } catch (Throwable e) { // what a method handle may throw; the child process is still an option
      System.err.println("execv failed (" + e + "); running as a child process instead");
    }
  }

  private static void runAsChild(List<String> command) {
    try {
      Process child = new ProcessBuilder(command).inheritIO().start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(child), "stop-child"));
      System.exit(child.waitFor());
    } catch (IOException e) {
      refuse("cannot run " + command.getFirst() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse("interrupted");
    }
  }

  private static void stop(Process child) {
    child.destroy();
    try {
      if (!child.waitFor(CHILD_STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
