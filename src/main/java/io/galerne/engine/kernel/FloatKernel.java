package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.WORD;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Inner products of {@link WeightFormat#FLOATS}. */
final class FloatKernel extends TileKernel {
  FloatKernel(WeightFormat format) {
    super(format);
  }

  @Override
  void single(
      MemorySegment data,
      long row0,
      long row1,
      long row2,
      long row3,
      int blocks,
      float[] x,
      float[] sums,
      float[] out) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    long r0 = row0;
    long r1 = row1;
    long r2 = row2;
    long r3 = row3;
    for (int block = 0; block < blocks; block++) {
      FloatVector s0 = FloatVector.zero(FLOATS);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = FloatVector.zero(FLOATS);
      FloatVector s3 = FloatVector.zero(FLOATS);
      for (int k = 0; k < 32; k++) {
        FloatVector value = FloatVector.broadcast(FLOATS, x[block * 32 + k]);
        s0 =
            FloatVector.fromMemorySegment(FLOATS, data, r0 + WORD * k, LITTLE_ENDIAN)
                .fma(value, s0);
        s1 =
            FloatVector.fromMemorySegment(FLOATS, data, r1 + WORD * k, LITTLE_ENDIAN)
                .fma(value, s1);
        s2 =
            FloatVector.fromMemorySegment(FLOATS, data, r2 + WORD * k, LITTLE_ENDIAN)
                .fma(value, s2);
        s3 =
            FloatVector.fromMemorySegment(FLOATS, data, r3 + WORD * k, LITTLE_ENDIAN)
                .fma(value, s3);
      }
      a0 = a0.add(s0);
      a1 = a1.add(s1);
      a2 = a2.add(s2);
      a3 = a3.add(s3);
      r0 += blockBytes;
      r1 += blockBytes;
      r2 += blockBytes;
      r3 += blockBytes;
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, LANES);
    a2.intoArray(out, 2 * LANES);
    a3.intoArray(out, 3 * LANES);
  }

  @Override
  void sumBlock(MemorySegment data, long row0, long row1, float[] x, int xOffset, float[] scratch) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = FloatVector.zero(FLOATS);
    FloatVector s2 = FloatVector.zero(FLOATS);
    FloatVector s3 = FloatVector.zero(FLOATS);
    FloatVector s4 = FloatVector.zero(FLOATS);
    FloatVector s5 = FloatVector.zero(FLOATS);
    FloatVector s6 = FloatVector.zero(FLOATS);
    FloatVector s7 = FloatVector.zero(FLOATS);
    FloatVector t0 = FloatVector.zero(FLOATS);
    FloatVector t1 = FloatVector.zero(FLOATS);
    FloatVector t2 = FloatVector.zero(FLOATS);
    FloatVector t3 = FloatVector.zero(FLOATS);
    FloatVector t4 = FloatVector.zero(FLOATS);
    FloatVector t5 = FloatVector.zero(FLOATS);
    FloatVector t6 = FloatVector.zero(FLOATS);
    FloatVector t7 = FloatVector.zero(FLOATS);
    int k = xOffset;
    for (int column = 0; column < 32; column++, k += 8) {
      FloatVector q0 =
          FloatVector.fromMemorySegment(FLOATS, data, row0 + WORD * column, LITTLE_ENDIAN);
      FloatVector q1 =
          FloatVector.fromMemorySegment(FLOATS, data, row1 + WORD * column, LITTLE_ENDIAN);
      FloatVector value = FloatVector.broadcast(FLOATS, x[k]);
      s0 = q0.fma(value, s0);
      t0 = q1.fma(value, t0);
      value = FloatVector.broadcast(FLOATS, x[k + 1]);
      s1 = q0.fma(value, s1);
      t1 = q1.fma(value, t1);
      value = FloatVector.broadcast(FLOATS, x[k + 2]);
      s2 = q0.fma(value, s2);
      t2 = q1.fma(value, t2);
      value = FloatVector.broadcast(FLOATS, x[k + 3]);
      s3 = q0.fma(value, s3);
      t3 = q1.fma(value, t3);
      value = FloatVector.broadcast(FLOATS, x[k + 4]);
      s4 = q0.fma(value, s4);
      t4 = q1.fma(value, t4);
      value = FloatVector.broadcast(FLOATS, x[k + 5]);
      s5 = q0.fma(value, s5);
      t5 = q1.fma(value, t5);
      value = FloatVector.broadcast(FLOATS, x[k + 6]);
      s6 = q0.fma(value, s6);
      t6 = q1.fma(value, t6);
      value = FloatVector.broadcast(FLOATS, x[k + 7]);
      s7 = q0.fma(value, s7);
      t7 = q1.fma(value, t7);
    }
    s0.intoArray(scratch, BLOCK_SUMS);
    s1.intoArray(scratch, BLOCK_SUMS + LANES);
    s2.intoArray(scratch, BLOCK_SUMS + 2 * LANES);
    s3.intoArray(scratch, BLOCK_SUMS + 3 * LANES);
    s4.intoArray(scratch, BLOCK_SUMS + 4 * LANES);
    s5.intoArray(scratch, BLOCK_SUMS + 5 * LANES);
    s6.intoArray(scratch, BLOCK_SUMS + 6 * LANES);
    s7.intoArray(scratch, BLOCK_SUMS + 7 * LANES);
    t0.intoArray(scratch, BLOCK_SUMS + 8 * LANES);
    t1.intoArray(scratch, BLOCK_SUMS + 9 * LANES);
    t2.intoArray(scratch, BLOCK_SUMS + 10 * LANES);
    t3.intoArray(scratch, BLOCK_SUMS + 11 * LANES);
    t4.intoArray(scratch, BLOCK_SUMS + 12 * LANES);
    t5.intoArray(scratch, BLOCK_SUMS + 13 * LANES);
    t6.intoArray(scratch, BLOCK_SUMS + 14 * LANES);
    t7.intoArray(scratch, BLOCK_SUMS + 15 * LANES);
  }
}
