package io.galerne.secrets;

import io.galerne.launch.ProgressBar;
import io.galerne.launch.Terminal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code galerne secrets}; they work on the database while servers use it. */
@Command(
    name = "secrets",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "The keys that what is sealed in the database is under.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed, or not all is under the current key", "2:usage"})
public final class SecretsCommand {
  private static final int DONE = 0;
  private static final int FAILED = 1;

  /** Servers that still knew the old key only may have sealed something behind a pass's back. */
  private static final int PASSES_MAX = 10;

  private final Terminal terminal;

  private SecretsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Runs a command line.
   *
   * @param args what comes after {@code secrets}
   * @return the exit code
   */
  public static int run(Terminal terminal, String... args) {
    return new CommandLine(new SecretsCommand(terminal))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setUnmatchedOptionsArePositionalParams(true)
        .setExecutionExceptionHandler(
            (failure, _, _) -> {
              terminal.err().println("galerne secrets: " + failure.getMessage());
              return FAILED;
            })
        .execute(args);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = {
        "Puts everything that is sealed under the current key, the last of galerne.secrets.keys or"
            + " of",
        "the file secret-keys in the data directory. Servers go on meanwhile. It reads their",
        "configuration; properties can be given as to them. If it is interrupted, run it again."
      })
  int rotate(
      @Option(
              names = "--new-key",
              description = "Add a key to the file first. Servers that read it use it at once.")
          boolean newKey,
      @Parameters(arity = "0..*", paramLabel = "--PROPERTY=VALUE", description = "As to a server.")
          @Nullable List<String> properties) {
    try (SecretsDatabase database = SecretsDatabase.open(arguments(properties))) {
      if (newKey) {
        database.addKey();
      }
      KeyRotation rotation = database.rotation();
      boolean due = newKey || pending(database) > 0;
      List<RotationWitness> witnesses = due ? database.witnesses() : List.of();
      witnesses.forEach(each -> each.begins(rotation.currentKey(), newKey));
      long changed = 0;
      for (int pass = 0; pass < PASSES_MAX && pending(database) > 0; pass++) {
        changed += rotate(database, rotation);
      }
      boolean complete = pending(database) == 0;
      long all = changed;
      witnesses.forEach(each -> each.ended(rotation.currentKey(), all, complete));
      terminal
          .out()
          .printf(
              "%d values were put under key %s.%s%n",
              changed,
              rotation.currentKey(),
              complete
                  ? " All are; the keys before it can go."
                  : " Some are not yet: run it again.");
      return complete ? DONE : FAILED;
    }
  }

  private long rotate(SecretsDatabase database, KeyRotation rotation) {
    long total = 0;
    for (SealedColumn column : database.columns()) {
      total += rotation.count(column).values();
    }
    ProgressBar bar = ProgressBar.on(terminal, "Sealing anew", Math.max(1, total));
    long changed = 0;
    for (SealedColumn column : database.columns()) {
      changed += rotation.rotate(column, bar::advance);
    }
    return changed;
  }

  private static long pending(SecretsDatabase database) {
    long pending = 0;
    for (SealedColumn column : database.columns()) {
      KeyRotation.Count count = database.rotation().count(column);
      pending += count.values() - count.current();
    }
    return pending;
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Counts what is sealed, and how much of it is under the current key.")
  int status(
      @Parameters(arity = "0..*", paramLabel = "--PROPERTY=VALUE", description = "As to a server.")
          @Nullable List<String> properties) {
    try (SecretsDatabase database = SecretsDatabase.open(arguments(properties))) {
      boolean complete = true;
      for (SealedColumn column : database.columns()) {
        KeyRotation.Count count = database.rotation().count(column);
        complete &= count.isComplete();
        terminal
            .out()
            .printf(
                "%s: %d values, %d of them under key %s%n",
                column.name(), count.values(), count.current(), database.rotation().currentKey());
      }
      return complete ? DONE : FAILED;
    }
  }

  private static String[] arguments(@Nullable List<String> properties) {
    List<String> given = properties == null ? List.of() : properties;
    for (String property : given) {
      if (!property.matches("--[a-z][^=]*=.*")) {
        throw new IllegalArgumentException("neither an option nor a property: " + property);
      }
    }
    return given.toArray(String[]::new);
  }
}
