package io.galerne.bench;

import io.galerne.engine.kernel.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

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
    long part = ((long) MEGABYTES / threads) << 20;
    double read = 0;
    double multiplied = 0;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = HugePages.allocator(part * threads, arena).allocate(part * threads);
      memory.fill((byte) 1);
      for (int round = 0; round < ROUNDS; round++) {
        double reading = together(threads, i -> sum(memory.asSlice(i * part, part)));
        read = Math.max(read, part * threads / reading);
        double operations = 2.0 * 8 * FloatVector.SPECIES_PREFERRED.length() * CHAINS_ROUNDS;
        double multiplying = together(threads, _ -> multiply());
        multiplied = Math.max(multiplied, threads * operations / multiplying);
      }
    }
    return new MachineLimits(threads, read, multiplied);
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

  private static double sum(MemorySegment memory) {
    LongVector a = LongVector.zero(LongVector.SPECIES_PREFERRED);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    int step = LongVector.SPECIES_PREFERRED.vectorByteSize();
    for (long at = 0; at < memory.byteSize(); at += 4L * step) {
      a = a.add(longs(memory, at));
      b = b.add(longs(memory, at + step));
      c = c.add(longs(memory, at + 2L * step));
      d = d.add(longs(memory, at + 3L * step));
    }
    return a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
  }

  private static LongVector longs(MemorySegment memory, long at) {
    return LongVector.fromMemorySegment(
        LongVector.SPECIES_PREFERRED, memory, at, ByteOrder.nativeOrder());
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
