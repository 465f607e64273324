package io.galerne.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Loads weights and does something to their file meanwhile. Also runs as a process of its own, with
 * nothing but the engine: {@code load FILE} or {@code map FILE}.
 */
final class DisturbedLoading {
  private DisturbedLoading() {}

  interface Deed {
    void run() throws IOException;
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[1]);
    if (arguments[0].equals("map")) {
      readMapped(file);
    } else {
      System.out.println(load(file, () -> shorten(file, 0)));
    }
  }

  /** Does the deed after the file was checked and before it is packed. */
  static String load(Path file, Deed deed) {
    LoadListener listener =
        (done, total) -> {
          if (done == 0) {
            try {
              deed.run();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    EngineSettings settings = EngineSettings.of(file).withThreads(2).withKvMemoryBytes(1 << 20);
    try (Engine engine = Engine.load(settings, listener)) {
      return "is loaded: " + engine.profile().name();
    } catch (WeightsException e) {
      return "is refused: " + e;
    }
  }

  static void shorten(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }

  /** What a loader of mapped files does: it reads on behind the new end. */
  private static void readMapped(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, size, arena);
      shorten(file, 0);
      System.out.println("read " + bytes.get(ValueLayout.JAVA_BYTE, size - 1));
    }
  }
}
