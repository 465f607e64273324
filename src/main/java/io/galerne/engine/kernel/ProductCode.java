package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.Avx512Assembler.Register.R10;
import static io.galerne.engine.kernel.Avx512Assembler.Register.R11;
import static io.galerne.engine.kernel.Avx512Assembler.Register.R8;
import static io.galerne.engine.kernel.Avx512Assembler.Register.R9;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RAX;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RCX;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RDI;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RDX;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RSI;

import io.galerne.engine.kernel.Avx512Assembler.Register;

/**
 * Writes the inner products of one {@link WeightFormat} as machine code, by the formula of {@link
 * ScalarKernels}. Beside what the Vector API's compiler makes of {@link TileKernel} it keeps sums
 * in registers, multiplies by floats straight from memory, asks for weights ahead, and has a form
 * for each number of tokens, so that none is computed for padding.
 */
final class ProductCode {
  /** Columns between two jumps. */
  private static final int STEP = 8;

  private static final int WORD = 4 * PackedMatrix.GROUP;
  private static final int ROWS = 4;

  private static final int CONSTANT = 31;
  private static final int FACTOR = 30;

  private final Avx512Assembler code = new Avx512Assembler();
  private final WeightFormat format;
  private final int numbersInWord;

  private ProductCode(WeightFormat format) {
    this.format = format;
    this.numbersInWord = format.columns() / format.words();
  }

  /**
   * Four row vectors and one token: {@code void (row0, row1, row2, row3, x, sums, out, blocks,
   * ahead)}, where ahead is how many bytes before their use weights are asked for.
   */
  static byte[] single(WeightFormat format) {
    ProductCode product = new ProductCode(format);
    product.single();
    return product.code.bytes();
  }

  /**
   * Two row vectors and so many tokens of a tile: {@code void (row0, row1, x, sums, out, blocks,
   * ahead, offset in x, offset in sums)}, offsets in bytes.
   *
   * @param tokens 1 to {@value Activations#TILE}
   */
  static byte[] tile(WeightFormat format, int tokens) {
    ProductCode product = new ProductCode(format);
    product.tile(tokens);
    return product.code.bytes();
  }

  private void single() {
    Register[] rows = {RDI, RSI, RDX, RCX};
    int totals = 0;
    int sums = ROWS;
    int words = 2 * ROWS;
    int digits = 3 * ROWS;
    code.loadArgument(R10, 0);
    code.loadArgument(RAX, 1);
    setConstants(R11);
    code.loadArgument(R11, 2);
    for (int row = 0; row < ROWS; row++) {
      code.zero(totals + row);
    }
    int block = code.position();
    for (int row = 0; row < ROWS; row++) {
      code.zero(sums + row);
    }
    for (int column = 0; column < format.columns(); column++) {
      int value = 4 * ROWS + column % 2;
      code.broadcast(value, R8, 4 * column);
      for (int row = 0; row < ROWS; row++) {
        loadWord(words + row, rows[row], R11, column);
        int digit = unpack(digits + row, words + row, column);
        code.multiplyAdd(sums + row, digit, value);
      }
    }
    scaleSingle(rows, totals, sums);
    for (Register row : rows) {
      code.add(row, format.blockBytes());
    }
    code.add(R8, 4 * format.columns());
    code.add(R9, 4);
    code.loop(RAX, block);
    for (int row = 0; row < ROWS; row++) {
      code.store(R10, row * WORD, totals + row);
    }
    code.end(table());
  }

  private void scaleSingle(Register[] rows, int totals, int sums) {
    int scaleOffset = (int) format.scaleOffset();
    int scales = 5 * ROWS;
    for (int row = 0; row < ROWS; row++) {
      for (int at = scaleOffset; at < format.blockBytes(); at += WORD) {
        askAhead(rows[row], R11, at);
      }
      if (format.hasScale()) {
        loadParameters(scales + row, rows[row], scaleOffset);
        code.multiplyAdd(totals + row, sums + row, scales + row);
      } else {
        code.add(totals + row, totals + row, sums + row);
      }
    }
    if (format.isShifted()) {
      int sum = 4 * ROWS;
      readSum(sum, R9, 0);
      for (int row = 0; row < ROWS; row++) {
        if (format.hasMinimum()) {
          loadParameters(scales + row, rows[row], (int) format.shiftOffset());
        }
        code.multiplyAdd(totals + row, sum, scales + row);
      }
    }
  }

  private void tile(int tokens) {
    int[] sums = {0, Activations.TILE};
    int[] words = {16, 17};
    int[] digits = {18, 19};
    int[] numbers = new int[2];
    Register[] rows = {RDI, RSI};
    code.loadArgument(R10, 0);
    code.addArgument(RDX, 1);
    code.addArgument(RCX, 2);
    setConstants(RAX);
    code.zero(digits[0]);
    for (int token = 0; token < tokens; token++) {
      code.store(R8, token * WORD, digits[0]);
      code.store(R8, (Activations.TILE + token) * WORD, digits[0]);
    }
    int block = code.position();
    for (int token = 0; token < tokens; token++) {
      code.zero(sums[0] + token);
      code.zero(sums[1] + token);
    }
    code.move(RAX, format.columns() / STEP);
    int step = code.position();
    for (int column = 0; column < STEP; column++) {
      for (int row = 0; row < 2; row++) {
        loadWord(words[row], rows[row], R10, column);
        numbers[row] = unpack(digits[row], words[row], column);
      }
      for (int token = 0; token < tokens; token++) {
        int at = 4 * (column * Activations.TILE + token);
        code.multiplyAddBroadcast(sums[0] + token, numbers[0], RDX, at);
        code.multiplyAddBroadcast(sums[1] + token, numbers[1], RDX, at);
      }
    }
    code.add(RDX, 4 * STEP * Activations.TILE);
    code.add(RDI, STEP / numbersInWord * WORD);
    code.add(RSI, STEP / numbersInWord * WORD);
    code.loop(RAX, step);
    scaleTile(tokens, sums);
    code.add(RCX, 4 * Activations.TILE);
    code.add(RDI, format.blockBytes() - (int) format.scaleOffset());
    code.add(RSI, format.blockBytes() - (int) format.scaleOffset());
    code.loop(R9, block);
    code.end(table());
  }

  /** Adds a block's sums, scaled, to what is in memory; the rows stand behind their digits. */
  private void scaleTile(int tokens, int[] sums) {
    Register[] rows = {RDI, RSI};
    int scaleAt = 0;
    int shiftAt = (int) (format.shiftOffset() - format.scaleOffset());
    int scale = 16;
    int shift = format.hasMinimum() ? 18 : scale;
    int total = 20;
    int sum = 22;
    for (int row = 0; row < 2; row++) {
      for (int at = (int) format.scaleOffset(); at < format.blockBytes(); at += WORD) {
        askAhead(rows[row], R10, at - (int) format.scaleOffset());
      }
      if (format.hasScale()) {
        loadParameters(scale + row, rows[row], scaleAt);
      }
      if (format.hasMinimum()) {
        loadParameters(shift + row, rows[row], shiftAt);
      }
    }
    for (int token = 0; token < tokens; token++) {
      if (format.isShifted()) {
        readSum(sum, RCX, 4 * token);
      }
      for (int row = 0; row < 2; row++) {
        int at = (row * Activations.TILE + token) * WORD;
        code.load(total + row, R8, at);
        if (format.hasScale()) {
          code.multiplyAdd(total + row, sums[row] + token, scale + row);
        } else {
          code.add(total + row, total + row, sums[row] + token);
        }
        if (format.isShifted()) {
          code.multiplyAdd(total + row, sum, shift + row);
        }
        code.store(R8, at, total + row);
      }
    }
  }

  private void setConstants(Register scratch) {
    switch (format.digits()) {
      case NIBBLES -> code.loadTable(CONSTANT);
      case BFLOATS -> code.constant(CONSTANT, 0xFFFF0000, scratch);
      case BYTES, FLOATS -> {}
    }
    if (format.isShifted() && format.sumFactor() != 1) {
      code.constant(FACTOR, Float.floatToRawIntBits(format.sumFactor()), scratch);
    }
  }

  /** The numbers of nibbles as floats: to look one up takes one instruction, to make it two. */
  private float[] table() {
    if (format.digits() != WeightFormat.Digits.NIBBLES) {
      return new float[0];
    }
    float[] numbers = new float[PackedMatrix.GROUP];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  private void loadParameters(int zmm, Register row, int at) {
    switch (format.parameters()) {
      case HALF -> code.loadHalves(zmm, row, at);
      case FULL -> code.load(zmm, row, at);
    }
  }

  private void readSum(int zmm, Register sums, int offset) {
    if (format.sumFactor() == 1) {
      code.broadcast(zmm, sums, offset);
    } else {
      code.multiplyBroadcast(zmm, FACTOR, sums, offset);
    }
  }

  private void loadWord(int word, Register row, Register ahead, int column) {
    if (column % numbersInWord == 0) {
      int at = column / numbersInWord * WORD;
      code.load(word, row, at);
      askAhead(row, ahead, at);
    }
  }

  /** Where unpacking takes longer than reading. */
  private void askAhead(Register row, Register ahead, int at) {
    switch (format.digits()) {
      case NIBBLES, BYTES -> code.prefetch(row, ahead, at);
      case BFLOATS, FLOATS -> {}
    }
  }

  /**
   * Makes the number of a column a float, and what is left of its word ready for the next.
   *
   * @return the register that holds the float
   */
  private int unpack(int digit, int word, int column) {
    boolean last = column % numbersInWord == numbersInWord - 1;
    return switch (format.digits()) {
      case NIBBLES -> {
        code.lookUp(digit, word, CONSTANT);
        if (!last) {
          code.shiftRight(word, word, 4);
        }
        yield digit;
      }
      case BYTES -> {
        code.shiftRightSigned(digit, word, 24);
        code.intsToFloats(digit, digit);
        if (!last) {
          code.shiftLeft(word, word, 8);
        }
        yield digit;
      }
      case BFLOATS -> {
        if (last) {
          code.and(digit, word, CONSTANT);
        } else {
          code.shiftLeft(digit, word, 16);
        }
        yield digit;
      }
      case FLOATS -> word;
    };
  }
}
