package io.galerne.bench;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * What this machine can do at most, measured: bytes a second from memory, and floating-point
 * operations a second by fused multiply-add on 32-bit floats in registers.
 *
 * @param threads that worked together
 */
record MachineLimits(int threads, double bytesPerSecond, double flopsPerSecond) {
  private static final int ROUNDS = 5;
  private static final int MEGABYTES = 512;
  private static final int CHAINS_ROUNDS = 20_000_000;

  static MachineLimits measure(int threads) {
    long[][] memory = new long[threads][MEGABYTES / threads * (1 << 20) / Long.BYTES];
    double read = 0;
    double multiplied = 0;
    for (int round = 0; round < ROUNDS; round++) {
      read = Math.max(read, (double) (MEGABYTES << 20) / together(threads, i -> sum(memory[i])));
      double operations = 2.0 * 8 * FloatVector.SPECIES_PREFERRED.length() * CHAINS_ROUNDS;
      multiplied = Math.max(multiplied, threads * operations / together(threads, _ -> multiply()));
    }
    return new MachineLimits(threads, read, multiplied);
  }

  /**
   * Tokens a second of all streams that neither bound forbids.
   *
   * @param weightBytes read once for a step
   * @param weights multiplied once for a token
   */
  double tokensPerSecond(int streams, long weightBytes, long weights) {
    return Math.min(streams * bytesPerSecond / weightBytes, flopsPerSecond / (2.0 * weights));
  }

  private interface Work {
    double run(int thread);
  }

  private static double together(int threads, Work work) {
    double[] sink = new double[threads];
    return Asking.seconds(
        () -> {
          List<Thread> running = new ArrayList<>();
          for (int i = 0; i < threads; i++) {
            int own = i;
            running.add(Thread.ofPlatform().start(() -> sink[own] = work.run(own)));
          }
          for (Thread thread : running) {
            join(thread);
          }
          if (Double.isNaN(sink[0])) {
            throw new IllegalStateException("not a number");
          }
        });
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static double sum(long[] memory) {
    long a = 0;
    long b = 0;
    for (int i = 0; i < memory.length; i += 2) {
      a += memory[i];
      b ^= memory[i + 1];
    }
    return a + b;
  }

  /** Eight chains, so that no operation waits for the one before it. */
  private static double multiply() {
    FloatVector x = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 0.999f);
    FloatVector y = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 0.001f);
    FloatVector a = x;
    FloatVector b = x;
    FloatVector c = x;
    FloatVector d = x;
    FloatVector e = y;
    FloatVector f = y;
    FloatVector g = y;
    FloatVector h = y;
    for (int i = 0; i < CHAINS_ROUNDS; i++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
    }
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).lane(0);
  }
}
