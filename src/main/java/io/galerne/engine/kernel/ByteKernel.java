package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.HALF_BITS;
import static io.galerne.engine.kernel.VectorLanes.HALF_UNIT;
import static io.galerne.engine.kernel.VectorLanes.INTS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.SHORTS;
import static io.galerne.engine.kernel.VectorLanes.WORD;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Inner products of bytes: weight = d * q, or d * q + m, with q in -128 to 127. */
sealed class ByteKernel extends TileKernel permits FineByteKernel {
  /** In a block of 32 columns; a constant, or the loop over them costs a twentieth more. */
  private static final int WORDS = 8;

  ByteKernel(WeightFormat format) {
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
    long p0 = scales(r0, blocks);
    long p1 = scales(r1, blocks);
    long p2 = scales(r2, blocks);
    long p3 = scales(r3, blocks);
    long shiftDistance = shiftOffset - scaleOffset;
    for (int block = 0; block < blocks; block++) {
      FloatVector s0 = FloatVector.zero(FLOATS);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = FloatVector.zero(FLOATS);
      FloatVector s3 = FloatVector.zero(FLOATS);
      for (int word = 0; word < WORDS; word++) {
        IntVector w0 = IntVector.fromMemorySegment(INTS, data, r0 + WORD * word, LITTLE_ENDIAN);
        IntVector w1 = IntVector.fromMemorySegment(INTS, data, r1 + WORD * word, LITTLE_ENDIAN);
        IntVector w2 = IntVector.fromMemorySegment(INTS, data, r2 + WORD * word, LITTLE_ENDIAN);
        IntVector w3 = IntVector.fromMemorySegment(INTS, data, r3 + WORD * word, LITTLE_ENDIAN);
        int k = block * 32 + word * 4;
        for (int i = 0; i < 4; i++) {
          FloatVector value = FloatVector.broadcast(FLOATS, x[k + i]);
          s0 = ((FloatVector) w0.lanewise(VectorOperators.ASHR, 24).convert(I2F, 0)).fma(value, s0);
          s1 = ((FloatVector) w1.lanewise(VectorOperators.ASHR, 24).convert(I2F, 0)).fma(value, s1);
          s2 = ((FloatVector) w2.lanewise(VectorOperators.ASHR, 24).convert(I2F, 0)).fma(value, s2);
          s3 = ((FloatVector) w3.lanewise(VectorOperators.ASHR, 24).convert(I2F, 0)).fma(value, s3);
          w0 = w0.lanewise(VectorOperators.LSHL, 8);
          w1 = w1.lanewise(VectorOperators.LSHL, 8);
          w2 = w2.lanewise(VectorOperators.LSHL, 8);
          w3 = w3.lanewise(VectorOperators.LSHL, 8);
        }
      }
      FloatVector d0;
      FloatVector d1;
      FloatVector d2;
      FloatVector d3;
      if (halves) {
        d0 =
            ((IntVector)
                    ShortVector.fromMemorySegment(SHORTS, data, p0, LITTLE_ENDIAN)
                        .convertShape(S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 13)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT);
        d1 =
            ((IntVector)
                    ShortVector.fromMemorySegment(SHORTS, data, p1, LITTLE_ENDIAN)
                        .convertShape(S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 13)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT);
        d2 =
            ((IntVector)
                    ShortVector.fromMemorySegment(SHORTS, data, p2, LITTLE_ENDIAN)
                        .convertShape(S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 13)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT);
        d3 =
            ((IntVector)
                    ShortVector.fromMemorySegment(SHORTS, data, p3, LITTLE_ENDIAN)
                        .convertShape(S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 13)
                .and(HALF_BITS)
                .reinterpretAsFloats()
                .mul(HALF_UNIT);
      } else {
        d0 = FloatVector.fromMemorySegment(FLOATS, data, p0, LITTLE_ENDIAN);
        d1 = FloatVector.fromMemorySegment(FLOATS, data, p1, LITTLE_ENDIAN);
        d2 = FloatVector.fromMemorySegment(FLOATS, data, p2, LITTLE_ENDIAN);
        d3 = FloatVector.fromMemorySegment(FLOATS, data, p3, LITTLE_ENDIAN);
      }
      a0 = s0.fma(d0, a0);
      a1 = s1.fma(d1, a1);
      a2 = s2.fma(d2, a2);
      a3 = s3.fma(d3, a3);
      if (shifted) {
        FloatVector sum = FloatVector.broadcast(FLOATS, sums[block]);
        if (halves) {
          d0 =
              ((IntVector)
                      ShortVector.fromMemorySegment(SHORTS, data, p0 + shiftDistance, LITTLE_ENDIAN)
                          .convertShape(S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(HALF_BITS)
                  .reinterpretAsFloats()
                  .mul(HALF_UNIT);
          d1 =
              ((IntVector)
                      ShortVector.fromMemorySegment(SHORTS, data, p1 + shiftDistance, LITTLE_ENDIAN)
                          .convertShape(S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(HALF_BITS)
                  .reinterpretAsFloats()
                  .mul(HALF_UNIT);
          d2 =
              ((IntVector)
                      ShortVector.fromMemorySegment(SHORTS, data, p2 + shiftDistance, LITTLE_ENDIAN)
                          .convertShape(S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(HALF_BITS)
                  .reinterpretAsFloats()
                  .mul(HALF_UNIT);
          d3 =
              ((IntVector)
                      ShortVector.fromMemorySegment(SHORTS, data, p3 + shiftDistance, LITTLE_ENDIAN)
                          .convertShape(S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(HALF_BITS)
                  .reinterpretAsFloats()
                  .mul(HALF_UNIT);
        } else {
          d0 = FloatVector.fromMemorySegment(FLOATS, data, p0 + shiftDistance, LITTLE_ENDIAN);
          d1 = FloatVector.fromMemorySegment(FLOATS, data, p1 + shiftDistance, LITTLE_ENDIAN);
          d2 = FloatVector.fromMemorySegment(FLOATS, data, p2 + shiftDistance, LITTLE_ENDIAN);
          d3 = FloatVector.fromMemorySegment(FLOATS, data, p3 + shiftDistance, LITTLE_ENDIAN);
        }
        a0 = sum.fma(d0, a0);
        a1 = sum.fma(d1, a1);
        a2 = sum.fma(d2, a2);
        a3 = sum.fma(d3, a3);
      }
      r0 += blockBytes;
      r1 += blockBytes;
      r2 += blockBytes;
      r3 += blockBytes;
      p0 += blockBytes;
      p1 += blockBytes;
      p2 += blockBytes;
      p3 += blockBytes;
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, LANES);
    a2.intoArray(out, 2 * LANES);
    a3.intoArray(out, 3 * LANES);
  }

  @Override
  final void sumBlock(
      MemorySegment data, long row0, long row1, float[] x, int xOffset, float[] scratch) {
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
    for (int word = 0; word < words; word++) {
      IntVector w0 = IntVector.fromMemorySegment(INTS, data, row0 + WORD * word, LITTLE_ENDIAN);
      IntVector w1 = IntVector.fromMemorySegment(INTS, data, row1 + WORD * word, LITTLE_ENDIAN);
      for (int i = 0; i < 4; i++, k += 8) {
        FloatVector q0 = ((FloatVector) w0.lanewise(VectorOperators.ASHR, 24).convert(I2F, 0));
        FloatVector q1 = ((FloatVector) w1.lanewise(VectorOperators.ASHR, 24).convert(I2F, 0));
        w0 = w0.lanewise(VectorOperators.LSHL, 8);
        w1 = w1.lanewise(VectorOperators.LSHL, 8);
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
