package io.galerne.launch;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a command writes and whom it can ask.
 *
 * @param person the one at the keyboard; empty for a script
 */
public record Terminal(PrintWriter out, PrintWriter err, Optional<Console> person) {
  /** The streams of this process. */
  public static Terminal standard() {
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        Optional.ofNullable(System.console()).filter(Console::isTerminal));
  }
}
