package io.galerne.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code galerne prepare} made beside the jar: its content as plain jars, and the JVM's
 * ahead-of-time cache (JEP 483, 514, 515) of the classes that a start and an answer use. It holds
 * for one jar and one JVM; of anything else it is stale, and a start does without.
 *
 * @param folder with the jar, its libraries, the cache and {@code made-of}
 */
record PreparedStart(Path jar, Path folder) {
  private static final String MADE_OF = "made-of";

  /** Where the preparation of a jar lies, made or not. */
  static PreparedStart of(Path jar) {
    Path own = jar.toAbsolutePath().normalize();
    String name = own.getFileName().toString();
    String stem = name.endsWith(".jar") ? name.substring(0, name.length() - 4) : name;
    return new PreparedStart(own, own.resolveSibling(stem + "-prepared"));
  }

  /** The same in another folder, to be made there first. */
  PreparedStart in(Path other) {
    return new PreparedStart(jar, other);
  }

  Path program() {
    return folder.resolve(jar.getFileName());
  }

  Path cache() {
    return folder.resolve("classes.aot");
  }

  /** Notes what it was made of; the last thing to do. */
  void seal() throws IOException {
    Files.writeString(folder.resolve(MADE_OF), state());
  }

  /** Whether it is there and of this jar and this JVM. */
  boolean isFresh() {
    try {
      return Files.readString(folder.resolve(MADE_OF)).equals(state())
          && Files.isRegularFile(cache());
    } catch (IOException e) {
      return false; // not made, or not readable for this user
    }
  }

  private String state() throws IOException {
    return "%d %s %s%n"
        .formatted(
            Files.size(jar), Files.getLastModifiedTime(jar), System.getProperty("java.vm.version"));
  }

  /** The preparation of the jar that a command line runs; empty if it runs none. */
  static Optional<PreparedStart> of(CommandLine commandLine) {
    return commandLine.jar().map(PreparedStart::of);
  }
}
