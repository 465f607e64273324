package io.galerne.engine.kernel;

import java.util.Arrays;

/**
 * Encodes the few x86-64 instructions that {@link ProductCode} is made of, in 512 bits of AVX-512F.
 * Operands stand in Intel's order, the destination first; registers {@code zmm0} to {@code zmm31}
 * are given by their numbers. The encoding is that of the Intel 64 Software Developer's Manual,
 * volume 2, sections 2.1 and 2.7 (EVEX).
 */
final class Avx512Assembler {
  /** General registers that a function may change under the System V convention. */
  enum Register {
    RAX(0),
    RCX(1),
    RDX(2),
    RSI(6),
    RDI(7),
    R8(8),
    R9(9),
    R10(10),
    R11(11);

    private final int number;

    Register(int number) {
      this.number = number;
    }

    private int low() {
      return number & 7;
    }

    private int high() {
      return number >> 3;
    }
  }

  private static final int MAP_0F = 1;
  private static final int MAP_0F38 = 2;
  private static final int NO_PREFIX = 0;
  private static final int PREFIX_66 = 1;
  private static final int VECTOR_BYTES = 64;
  private static final int HALVES_BYTES = 32;
  private static final int LANE_BYTES = 4;
  private static final int RSP = 4;

  private byte[] code = new byte[4096];
  private int size;

  /** Behind the displacement of the load of the table; 0 where there is none. */
  private int tableLoaded;

  byte[] bytes() {
    return Arrays.copyOf(code, size);
  }

  /** Where the next instruction begins: the target of a jump back to it. */
  int position() {
    return size;
  }

  void load(int zmm, Register base, int displacement) {
    memory(MAP_0F, NO_PREFIX, 0x10, zmm, 0, base, displacement, false);
  }

  /**
   * Loads from {@code base + scale * index + displacement}.
   *
   * @param scale 0, 1 or 2
   */
  void load(int zmm, Register base, Register index, int scale, int displacement) {
    indexed(MAP_0F, NO_PREFIX, 0x10, zmm, base, index, scale, displacement);
  }

  void store(Register base, int displacement, int zmm) {
    memory(MAP_0F, NO_PREFIX, 0x11, zmm, 0, base, displacement, false);
  }

  /** Stores to where {@link #load(int, Register, Register, int, int)} loads from. */
  void store(Register base, Register index, int scale, int displacement, int zmm) {
    indexed(MAP_0F, NO_PREFIX, 0x11, zmm, base, index, scale, displacement);
  }

  /** Sixteen half floats from memory as floats. */
  void loadHalves(int zmm, Register base, int displacement) {
    evex(MAP_0F38, PREFIX_66, zmm, 0, base.high() << 3, false);
    operand(0x13, zmm, base, displacement, HALVES_BYTES);
  }

  /** The same float from memory in every lane. */
  void broadcast(int zmm, Register base, int displacement) {
    evex(MAP_0F38, PREFIX_66, zmm, 0, base.high() << 3, false);
    operand(0x18, zmm, base, displacement, LANE_BYTES);
  }

  /** The same from where {@link #load(int, Register, Register, int, int)} loads from. */
  void broadcast(int zmm, Register base, Register index, int scale, int displacement) {
    indexed(MAP_0F38, PREFIX_66, 0x18, zmm, base, index, scale, displacement);
  }

  /** The same 32 bits in every lane; changes {@code scratch}. */
  void constant(int zmm, int bits, Register scratch) {
    move(scratch, bits);
    registers(MAP_0F38, PREFIX_66, 0x7C, zmm, 0, scratch.number);
  }

  /** Loads the lanes that {@link #end(float...)} is given. */
  void loadTable(int zmm) {
    evex(MAP_0F, NO_PREFIX, zmm, 0, 0, false);
    emit(0x10, (zmm & 7) << 3 | 5);
    emitInt(0);
    tableLoaded = size;
  }

  void zero(int zmm) {
    registers(MAP_0F, PREFIX_66, 0xEF, zmm, zmm, zmm);
  }

  void and(int zmm, int a, int b) {
    registers(MAP_0F, PREFIX_66, 0xDB, zmm, a, b);
  }

  void shiftLeft(int zmm, int a, int bits) {
    shift(6, zmm, a, bits);
  }

  void shiftRight(int zmm, int a, int bits) {
    shift(2, zmm, a, bits);
  }

  void shiftRightSigned(int zmm, int a, int bits) {
    shift(4, zmm, a, bits);
  }

  void intsToFloats(int zmm, int ints) {
    registers(MAP_0F, NO_PREFIX, 0x5B, zmm, 0, ints);
  }

  /** {@code zmm[lane] = table[index[lane] & 15]}. */
  void lookUp(int zmm, int index, int table) {
    registers(MAP_0F38, PREFIX_66, 0x16, zmm, index, table);
  }

  void add(int zmm, int a, int b) {
    registers(MAP_0F, NO_PREFIX, 0x58, zmm, a, b);
  }

  void multiplyBroadcast(int zmm, int a, Register base, int displacement) {
    memory(MAP_0F, NO_PREFIX, 0x59, zmm, a, base, displacement, true);
  }

  /** {@code zmm = a * b + zmm}, rounded once. */
  void multiplyAdd(int zmm, int a, int b) {
    registers(MAP_0F38, PREFIX_66, 0xB8, zmm, a, b);
  }

  void multiplyAddBroadcast(int zmm, int a, Register base, int displacement) {
    memory(MAP_0F38, PREFIX_66, 0xB8, zmm, a, base, displacement, true);
  }

  /** Asks for a line of memory that needn't be there, into the second cache. */
  void prefetch(Register base, Register index, int displacement) {
    emit(0x40 | index.high() << 1 | base.high(), 0x0F, 0x18, 0x80 | 2 << 3 | RSP);
    emit(index.low() << 3 | base.low());
    emitInt(displacement);
  }

  void move(Register target, int value) {
    if (target.high() == 1) {
      emit(0x41);
    }
    emit(0xB8 | target.low());
    emitInt(value);
  }

  void move(Register target, Register source) {
    emit(0x48 | source.high() << 2 | target.high(), 0x89, 0xC0 | source.low() << 3 | target.low());
  }

  /** Reads an argument that was passed on the stack. */
  void loadArgument(Register target, int index) {
    emit(0x48 | target.high() << 2, 0x8B, 0x84 | target.low() << 3, 0x20 | RSP);
    emitInt(8 + 8 * index);
  }

  /** Adds an argument that was passed on the stack. */
  void addArgument(Register target, int index) {
    emit(0x48 | target.high() << 2, 0x03, 0x84 | target.low() << 3, 0x20 | RSP);
    emitInt(8 + 8 * index);
  }

  void add(Register target, int value) {
    emit(0x48 | target.high(), 0x81, 0xC0 | target.low());
    emitInt(value);
  }

  void add(Register target, Register source) {
    emit(0x48 | source.high() << 2 | target.high(), 0x01, 0xC0 | source.low() << 3 | target.low());
  }

  /** Takes one off, and jumps unless nothing is left. */
  void loop(Register counter, int position) {
    emit(0x48 | counter.high(), 0xFF, 0xC8 | counter.low(), 0x0F, 0x85);
    emitInt(position - (size + 4));
  }

  /**
   * Leaves the vector registers as the caller expects them, and goes back to it.
   *
   * @param table of sixteen lanes, or nothing
   */
  void end(float... table) {
    emit(0xC5, 0xF8, 0x77, 0xC3);
    if (tableLoaded > 0) {
      int distance = size - tableLoaded;
      for (int i = 0; i < 4; i++) {
        code[tableLoaded - 4 + i] = (byte) (distance >> (8 * i));
      }
    }
    for (float lane : table) {
      emitInt(Float.floatToRawIntBits(lane));
    }
  }

  private void shift(int operation, int zmm, int a, int bits) {
    registers(MAP_0F, PREFIX_66, 0x72, operation, zmm, a);
    emit(bits);
  }

  private void registers(int map, int prefix, int opcode, int first, int second, int third) {
    evex(map, prefix, first, second, third, false);
    emit(opcode, 0xC0 | (first & 7) << 3 | (third & 7));
  }

  private void memory(
      int map,
      int prefix,
      int opcode,
      int zmm,
      int second,
      Register base,
      int displacement,
      boolean broadcast) {
    evex(map, prefix, zmm, second, base.high() << 3, broadcast);
    operand(opcode, zmm, base, displacement, broadcast ? LANE_BYTES : VECTOR_BYTES);
  }

  private void indexed(
      int map,
      int prefix,
      int opcode,
      int zmm,
      Register base,
      Register index,
      int scale,
      int displacement) {
    if (scale == 0) {
      evex(map, prefix, zmm, 0, base.high() << 3, false);
      emit(opcode, 0x80 | (zmm & 7) << 3 | base.low());
    } else {
      evex(map, prefix, zmm, 0, index.high() << 4 | base.high() << 3, false);
      emit(opcode, 0x80 | (zmm & 7) << 3 | RSP);
      emit((scale - 1) << 6 | index.low() << 3 | base.low());
    }
    emitInt(displacement);
  }

  /** A displacement of one byte counts in units of what is read. */
  private void operand(int opcode, int zmm, Register base, int displacement, int unit) {
    int units = displacement / unit;
    if (displacement % unit == 0 && units == (byte) units) {
      emit(opcode, 0x40 | (zmm & 7) << 3 | base.low(), units);
    } else {
      emit(opcode, 0x80 | (zmm & 7) << 3 | base.low());
      emitInt(displacement);
    }
  }

  /** The prefix; bits of register numbers beyond the lower three are stored inverted. */
  private void evex(int map, int prefix, int first, int second, int third, boolean broadcast) {
    int high =
        inverted(first, 3, 7)
            | inverted(third, 4, 6)
            | inverted(third, 3, 5)
            | inverted(first, 4, 4);
    int source = (~second & 15) << 3 | 4 | prefix;
    int length = 0x40 | (broadcast ? 0x10 : 0) | inverted(second, 4, 3);
    emit(0x62, high | map, source, length);
  }

  private static int inverted(int number, int bit, int place) {
    return (~number >> bit & 1) << place;
  }

  private void emitInt(int value) {
    emit(value, value >> 8, value >> 16, value >> 24);
  }

  private void emit(int... values) {
    if (size + values.length > code.length) {
      code = Arrays.copyOf(code, 2 * code.length);
    }
    for (int value : values) {
      code[size++] = (byte) value;
    }
  }
}
