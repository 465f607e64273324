package io.galerne.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width in force, and loads in it. A 16-lane word of a {@link PackedMatrix} is read as
 * {@link #PARTS} row vectors, so that the same layout serves 128, 256 and 512 bits.
 */
final class VectorLanes {
  static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > PackedMatrix.GROUP
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** Lanes of a vector: 4, 8 or 16. */
  static final int LANES = FLOATS.length();

  /** As many half floats. */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Short.SIZE * LANES));

  /**
   * Sign, exponent and fraction of a half float that was extended with its sign and moved left by
   * 13: a float {@link #HALF_UNIT} times too small, without rounding.
   */
  static final int HALF_BITS = 0x8FFFE000;

  static final float HALF_UNIT = 0x1p112f;

  /** Row vectors in a group of 16 rows. */
  static final int PARTS = PackedMatrix.GROUP / LANES;

  /** Bytes of a 16-lane word. */
  static final long WORD = 4L * PackedMatrix.GROUP;

  private VectorLanes() {}

  static FloatVector zero() {
    return FloatVector.zero(FLOATS);
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  static FloatVector load(float[] array, int offset) {
    return FloatVector.fromArray(FLOATS, array, offset);
  }

  /** {@link Exponential#exp} in every lane, with the same bits. */
  static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(Exponential.MIN).min(Exponential.MAX);
    FloatVector shifted =
        clamped.fma(broadcast(Exponential.LOG2_E), broadcast(Exponential.ROUNDER));
    FloatVector n = shifted.sub(Exponential.ROUNDER);
    FloatVector r = n.fma(broadcast(-Exponential.LN2_HIGH), clamped);
    r = n.fma(broadcast(-Exponential.LN2_LOW), r);
    FloatVector p = broadcast(Exponential.C0).fma(r, broadcast(Exponential.C1));
    p = p.fma(r, broadcast(Exponential.C2));
    p = p.fma(r, broadcast(Exponential.C3));
    p = p.fma(r, broadcast(Exponential.C4));
    p = p.fma(r, broadcast(Exponential.C5));
    p = p.fma(r.mul(r), r).add(1);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector scaled = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    return scaled.blend(0, x.compare(VectorOperators.LT, Exponential.MIN));
  }
}
