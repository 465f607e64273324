package io.galerne.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How this JVM was started, word by word. Options from {@code JAVA_TOOL_OPTIONS} and its like are
 * not among the words, and the environment gives them to a new JVM again.
 *
 * @param executable the java program
 * @param arguments everything after it: JVM options, what to run, the program's arguments
 */
record CommandLine(String executable, List<String> arguments) {
  private static final String JAR = "-jar";

  /** Empty if the system does not tell, or if the JVM runs inside another program than java. */
  static Optional<CommandLine> ofThisProcess() {
    ProcessHandle.Info info = ProcessHandle.current().info();
    Optional<List<String>> arguments =
        fromProc().or(() -> info.arguments().map(words -> List.of(words)));
    return info.command()
        .filter(CommandLine::isJava)
        .flatMap(executable -> arguments.map(words -> new CommandLine(executable, words)));
  }

  /** The same command with more JVM options, before all others. */
  List<String> withOptions(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(executable);
    command.addAll(options);
    command.addAll(arguments);
    return List.copyOf(command);
  }

  /** The jar that it runs; empty if it runs a class. */
  Optional<Path> jar() {
    int option = arguments.indexOf(JAR);
    return option < 0 || option + 1 == arguments.size()
        ? Optional.empty()
        : Optional.of(Path.of(arguments.get(option + 1)));
  }

  /** The same command with another jar in the place of its own. */
  CommandLine withJar(Path other) {
    List<String> words = new ArrayList<>(arguments);
    words.set(words.indexOf(JAR) + 1, other.toString());
    return new CommandLine(executable, List.copyOf(words));
  }

  /** The library's own way reads one page of it only. */
  private static Optional<List<String>> fromProc() {
    try {
      return Optional.of(parse(Files.readString(Path.of("/proc/self/cmdline"))));
    } catch (IOException e) {
      return Optional.empty(); // not Linux
    }
  }

  /** Words end with a zero byte; the first is the program's name. */
  static List<String> parse(String commandLine) {
    List<String> words = new ArrayList<>(List.of(commandLine.split("\0", -1)));
    words.removeLast();
    return List.copyOf(words.subList(1, words.size()));
  }

  private static boolean isJava(String executable) {
    String name = Path.of(executable).getFileName().toString();
    return name.equals("java") || name.equals("java.exe");
  }
}
