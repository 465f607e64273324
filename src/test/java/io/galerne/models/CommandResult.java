package io.galerne.models;

import io.galerne.launch.Terminal;
import io.galerne.store.TransferLimits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/** What a command left behind. */
record CommandResult(int exit, String out, String err) {
  /** Runs words that spaces separate. */
  static CommandResult ofLine(String line) {
    return of(line.isBlank() ? new String[0] : line.strip().split(" ", -1));
  }

  /** Runs a command in this JVM, with nobody at the keyboard. */
  static CommandResult of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), Optional.empty());
    int exit = ModelsCommand.run(terminal, TransferLimits.DEFAULT, args);
    return new CommandResult(exit, out.toString(), err.toString());
  }
}
