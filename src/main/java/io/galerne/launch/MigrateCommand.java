package io.galerne.launch;

import io.galerne.database.SchemaMigration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code galerne migrate}: brings the database's schema up to date and ends. For installations
 * whose servers don't have the rights to.
 */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    synopsisHeading = "",
    customSynopsis = "Usage: migrate [--property=value...]%n",
    description = {
      "Brings the database's schema up to date, as the user of spring.flyway.user, and ends. It"
          + " reads",
      "the server's configuration; properties can be given as to the server. Doing it again"
          + " changes",
      "nothing, and of several at once one does the work."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:up to date", "1:failed, the reason is told"})
public final class MigrateCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  private final Terminal terminal;

  @Unmatched private List<String> properties = List.of();

  private MigrateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Runs a command line.
   *
   * @param args what comes after {@code migrate}
   * @return the exit code
   */
  public static int run(Terminal terminal, String... args) {
    return new CommandLine(new MigrateCommand(terminal))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler(
            (failure, _, _) -> {
              terminal.err().println("galerne migrate: " + failure.getMessage());
              return FAILED;
            })
        .execute(args);
  }

  @Override
  public Integer call() {
    String version = SchemaMigration.run(properties.toArray(String[]::new));
    terminal.out().println("The schema is at version " + version + ".");
    return 0;
  }
}
