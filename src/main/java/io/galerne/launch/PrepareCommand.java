package io.galerne.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code galerne prepare}: unpacks the jar and keeps what the JVM can know of its classes before a
 * start, so that later starts of the jar are quicker.
 */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description = {
      "Makes later starts of this jar quicker: unpacks it into a folder beside it and keeps there",
      "what the JVM learns from one start and one answer. That start is on a database of its own",
      "and reads nothing of yours but config/ and models/. Do it again after an upgrade of the jar",
      "or of Java; until then starts are as slow as without."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:prepared", "1:failed, the reason is told"})
public final class PrepareCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  private final Terminal terminal;

  private PrepareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Runs a command line.
   *
   * @param args what comes after {@code prepare}
   * @return the exit code
   */
  public static int run(Terminal terminal, String... args) {
    return new picocli.CommandLine(new PrepareCommand(terminal))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler(
            (failure, _, _) -> {
              terminal.err().println("galerne prepare: " + failure.getMessage());
              return FAILED;
            })
        .execute(args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandLine own =
        CommandLine.ofThisProcess()
            .orElseThrow(() -> new IOException("cannot tell how this JVM was started"));
    PreparedStart wanted =
        PreparedStart.of(own)
            .orElseThrow(() -> new IOException("only what runs with java -jar can be prepared"));
    PreparedStart made =
        wanted.in(wanted.folder().resolveSibling(wanted.folder().getFileName() + ".new"));
    delete(made.folder());
    try {
      terminal.out().println("Unpacking " + wanted.jar());
      ChildJvm.run(
          List.of(
              own.executable(),
              "-Djarmode=tools",
              "-jar",
              wanted.jar().toString(),
              "extract",
              "--destination",
              made.folder().toString()));
      terminal.out().println("Starting it once, and asking something");
      new TrainingRun(own.executable(), made).run();
      made.seal();
      delete(wanted.folder());
      Files.move(made.folder(), wanted.folder());
    } finally {
      delete(made.folder());
    }
    terminal
        .out()
        .printf(
            "Prepared in %s, %d MB.%n", wanted.folder(), Files.size(wanted.cache()) / 1_000_000);
    return 0;
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
