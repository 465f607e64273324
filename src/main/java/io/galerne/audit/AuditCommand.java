package io.galerne.audit;

import io.galerne.launch.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code galerne audit}; they need no server and no database. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Audit trails that were exported.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:intact", "1:broken or unreadable, the reason is told", "2:usage"})
public final class AuditCommand {
  private static final int INTACT = 0;
  private static final int BROKEN = 1;

  private final Terminal terminal;

  private AuditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Runs a command line.
   *
   * @param args what comes after {@code audit}
   * @return the exit code
   */
  public static int run(Terminal terminal, String... args) {
    return new CommandLine(new AuditCommand(terminal))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler(
            (failure, _, _) -> {
              terminal.err().println("galerne audit: " + failure.getMessage());
              return BROKEN;
            })
        .execute(args);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = {
        "Looks through a file of GET /v1/admin/audit/export: every row, every checkpoint, every",
        "byte. Finds what was changed, removed, moved or cut off."
      })
  int verify(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--key",
              description = "The public key that must have signed. Without, the one in the file.")
          @Nullable String key,
      @Option(names = "--anchors", description = "A file of checkpoints that was kept elsewhere.")
          @Nullable Path anchors)
      throws IOException {
    List<Checkpoint> kept = anchors == null ? List.of() : Anchors.read(anchors);
    try (InputStream in = Files.newInputStream(file)) {
      return switch (ExportFile.verify(in, key, kept)) {
        case Verdict.Intact intact -> {
          terminal
              .out()
              .printf(
                  "Intact: %d rows up to row %d, signed with %s%s%n",
                  intact.rows(),
                  intact.lastSeq(),
                  intact.publicKey(),
                  key == null ? " (the file's own word; --key asks for a certain one)" : "");
          yield INTACT;
        }
        case Verdict.Broken(String where, String reason) -> {
          terminal.out().printf("Broken at %s: %s%n", where, reason);
          yield BROKEN;
        }
      };
    }
  }
}
