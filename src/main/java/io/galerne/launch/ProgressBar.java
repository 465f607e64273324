package io.galerne.launch;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Shows how far a long step is. A terminal sees one line that fills up, redrawn ten times a second
 * at most; a log file sees a line for each quarter.
 *
 * <pre>{@code
 * ProgressBar bar = ProgressBar.onStandardOutput("Loading weights", bytes);
 * bar.advance(chunk); // from any thread
 * }</pre>
 */
public final class ProgressBar {
  private static final int WIDTH = 30;
  private static final int LOGGED_STEP_PERCENT = 25;
  private static final long REDRAW_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(100);

  private final Consumer<String> out;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private final String label;
  private final long total;

  // guarded by this
  private long done;
  private int shownPercent = -1;
  private long shownAt;

  ProgressBar(PrintStream out, boolean terminal, LongSupplier nanoTime, String label, long total) {
    this(
        text -> {
          out.print(text);
          out.flush();
        },
        terminal,
        nanoTime,
        label,
        total);
  }

  private ProgressBar(
      Consumer<String> out, boolean terminal, LongSupplier nanoTime, String label, long total) {
    if (total <= 0) {
      throw new IllegalArgumentException("total must be positive: " + total);
    }
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.label = label;
    this.total = total;
  }

  /** A bar for a step of so many units, whatever they are. */
  public static ProgressBar onStandardOutput(String label, long total) {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    ProgressBar bar = new ProgressBar(System.out, terminal, System::nanoTime, label, total);
    bar.advance(0);
    return bar;
  }

  /** A bar for a step of a command. */
  public static ProgressBar on(Terminal terminal, String label, long total) {
    ProgressBar bar =
        new ProgressBar(
            text -> {
              terminal.out().print(text);
              terminal.out().flush();
            },
            terminal.person().isPresent(),
            System::nanoTime,
            label,
            total);
    bar.advance(0);
    return bar;
  }

  /** So many units more are done. Units beyond the total are not shown. */
  public synchronized void advance(long units) {
    done = Math.min(total, done + units);
    int percent = (int) (100.0 * done / total);
    boolean complete = done == total;
    if (percent == shownPercent || !(complete || isDue(percent))) {
      return;
    }
    shownPercent = percent;
    shownAt = nanoTime.getAsLong();
    int filled = WIDTH * percent / 100;
    String line =
        "%s [%s%s] %3d %%"
            .formatted(label, "#".repeat(filled), " ".repeat(WIDTH - filled), percent);
    if (terminal) {
      out.accept("\r" + line + (complete ? System.lineSeparator() : ""));
    } else {
      out.accept(line + System.lineSeparator());
    }
  }

  private boolean isDue(int percent) {
    if (shownPercent < 0) {
      return true;
    }
    return terminal
        ? nanoTime.getAsLong() - shownAt >= REDRAW_NANOS_MIN
        : percent / LOGGED_STEP_PERCENT > shownPercent / LOGGED_STEP_PERCENT;
  }
}
