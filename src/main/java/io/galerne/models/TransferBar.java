package io.galerne.models;

import io.galerne.store.ByteCount;
import io.galerne.store.TransferListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows bytes, rate and the time that remains. A terminal sees one line, redrawn five times a
 * second at most; a log sees a line for each tenth, or each 100 MB where nobody knows the total.
 */
final class TransferBar implements TransferListener {
  private static final int WIDTH = 24;
  private static final long REDRAW_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LOGGED_STEP_BYTES = 100_000_000;

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier nanoTime;

  private String step = "";
  private long before;
  private long done;
  private long total;
  private long began;
  private long shownAt;
  private long shownStep;
  private boolean open;

  TransferBar(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begin(String step, long done, long total) {
    this.step = step;
    this.before = done;
    this.done = done;
    this.total = total;
    this.began = nanoTime.getAsLong();
    this.open = true;
    show();
  }

  @Override
  public void advance(long bytes) {
    done += bytes;
    boolean due =
        terminal
            ? nanoTime.getAsLong() - shownAt >= REDRAW_NANOS_MIN
            : loggedStep() > shownStep && done != total;
    if (due) {
      show();
    }
  }

  @Override
  public void end() {
    if (open) {
      open = false;
      show();
      if (terminal) {
        out.println();
        out.flush();
      }
    }
  }

  @Override
  public void note(String text) {
    out.println(text);
    out.flush();
  }

  private long loggedStep() {
    return total > 0 ? 10 * done / total : done / LOGGED_STEP_BYTES;
  }

  private void show() {
    shownAt = nanoTime.getAsLong();
    shownStep = loggedStep();
    if (terminal) {
      out.print("\r" + line() + "\u001b[K"); // and clear what is left of a longer line
    } else {
      out.println(line());
    }
    out.flush();
  }

  private String line() {
    double seconds = (shownAt - began) / 1e9;
    double rate = seconds > 0 ? (done - before) / seconds : 0;
    String speed = rate > 0 ? ", " + ByteCount.of((long) rate) + "/s" : "";
    if (total <= 0) {
      return "%s %s%s".formatted(step, ByteCount.of(done), speed);
    }
    int filled = (int) (WIDTH * done / total);
    String remaining =
        open && rate > 0 && done < total
            ? ", " + time((long) ((total - done) / rate)) + " left"
            : "";
    return "%s [%s%s] %3d %%  %s of %s%s%s"
        .formatted(
            step,
            "#".repeat(filled),
            " ".repeat(WIDTH - filled),
            100 * done / total,
            ByteCount.of(done),
            ByteCount.of(total),
            speed,
            remaining);
  }

  private static String time(long seconds) {
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
