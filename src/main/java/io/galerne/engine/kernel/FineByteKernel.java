package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.VectorLanes.FLOATS;
import static io.galerne.engine.kernel.VectorLanes.INTS;
import static io.galerne.engine.kernel.VectorLanes.LANES;
import static io.galerne.engine.kernel.VectorLanes.WORD;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Bytes whose scales change every 16 columns. The lengths of the loops are constants as well. */
final class FineByteKernel extends ByteKernel {
  private static final int WORDS = 4;

  FineByteKernel(WeightFormat format) {
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
      for (int word = 0; word < WORDS; word++) {
        IntVector w0 = IntVector.fromMemorySegment(INTS, data, r0 + WORD * word, LITTLE_ENDIAN);
        IntVector w1 = IntVector.fromMemorySegment(INTS, data, r1 + WORD * word, LITTLE_ENDIAN);
        IntVector w2 = IntVector.fromMemorySegment(INTS, data, r2 + WORD * word, LITTLE_ENDIAN);
        IntVector w3 = IntVector.fromMemorySegment(INTS, data, r3 + WORD * word, LITTLE_ENDIAN);
        int k = block * 16 + word * 4;
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
      a0 = s0.fma(FloatVector.fromMemorySegment(FLOATS, data, r0 + scaleOffset, LITTLE_ENDIAN), a0);
      a1 = s1.fma(FloatVector.fromMemorySegment(FLOATS, data, r1 + scaleOffset, LITTLE_ENDIAN), a1);
      a2 = s2.fma(FloatVector.fromMemorySegment(FLOATS, data, r2 + scaleOffset, LITTLE_ENDIAN), a2);
      a3 = s3.fma(FloatVector.fromMemorySegment(FLOATS, data, r3 + scaleOffset, LITTLE_ENDIAN), a3);
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
}
