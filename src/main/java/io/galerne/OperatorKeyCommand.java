package io.galerne;

import io.galerne.identity.OperatorKey;
import io.galerne.launch.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code galerne operator-key}: makes a key to configure an installation with. */
@Command(
    name = "operator-key",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a new key for galerne.identity.operator-key, or for the Secret that the chart's",
      "operatorKey names. It is kept nowhere and opens nothing until a server starts with it."
    })
final class OperatorKeyCommand implements Callable<Integer> {
  private final Terminal terminal;

  private OperatorKeyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Runs a command line.
   *
   * @param args what comes after {@code operator-key}
   * @return the exit code
   */
  static int run(Terminal terminal, String... args) {
    return new CommandLine(new OperatorKeyCommand(terminal))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .execute(args);
  }

  @Override
  public Integer call() {
    terminal.out().println(OperatorKey.fresh());
    return 0;
  }
}
