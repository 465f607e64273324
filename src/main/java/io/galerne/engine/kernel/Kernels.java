package io.galerne.engine.kernel;

/**
 * The arithmetic of a forward pass. {@link ScalarKernels} is the specification: every other
 * implementation gives the same bits, for every batch, because each output element is computed by
 * one formula with one order of operations, whatever else is computed beside it.
 *
 * <p>Arrays are row-major; {@code offset} parameters are in elements. Implementations hold no
 * state: scratch memory comes from the caller, one for each thread.
 */
public interface Kernels {
  /** Floats of scratch that {@link #multiply} needs. */
  int SCRATCH = 4 * Activations.TILE * PackedMatrix.GROUP;

  /** The name shown to operators. */
  String name();

  /**
   * Rows of a matrix product for every token: {@code out[token][row] = sum over columns of
   * weight[row][column] * x[token][column]}. Within a block of columns the products of the digits
   * are added in order of the columns by fused multiply-add. In order of the blocks, each block's
   * sum is scaled and added, then the term of its minimum or offset.
   *
   * @param fromGroup first group of 16 rows
   * @param toGroup end of the groups, exclusive
   * @param out {@code [tokens][stride]}; the row's column is {@code offset + row}
   * @param accumulate adds to what is in {@code out} instead of replacing it
   * @param scratch of {@link #SCRATCH} floats
   */
  void multiply(
      PackedMatrix weight,
      int fromGroup,
      int toGroup,
      Activations x,
      float[] out,
      int offset,
      int stride,
      boolean accumulate,
      float[] scratch);

  /**
   * Root mean square normalisation (Zhang and Sennrich, 2019): {@code out = x / sqrt(mean(x^2) +
   * epsilon) * weight}.
   *
   * @param scratch of {@value PackedMatrix#GROUP} floats
   */
  void rmsNorm(
      float[] x,
      int offset,
      float[] weight,
      float epsilon,
      float[] out,
      int outOffset,
      float[] scratch);

  /** {@code gate = silu(gate) * up}, where {@code silu(x) = x / (1 + e^-x)} (Shazeer, 2020). */
  void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int size);

  /** Consecutive tokens of a sequence whose attention is computed together at most. */
  int ATTENTION_TOKENS = 4;

  /** The first position that a token attends to: the last {@code window}, or all where it is 0. */
  static int firstAttended(int position, int window) {
    return window == 0 ? 0 : Math.max(0, position - window + 1);
  }

  /**
   * Scaled dot-product attention of consecutive tokens of one sequence, for the query heads that
   * share a key head, over a paged cache of half floats. A token attends to positions up to its
   * own. Scores are softmax-normalised: e^(score - max), added in sixteen partial sums by position
   * modulo 16.
   *
   * @param unit which of them, with queries, results and memory to work in
   * @param keys {@code [block][kvHead][headSize][16]}: lanes are positions
   * @param values {@code [block][kvHead][16][headSize]}: lanes are dimensions
   */
  void attend(AttentionUnit unit, HalfBlocks keys, HalfBlocks values);

  /** The index of the largest logit, the lowest where several are equal. */
  int argMax(float[] logits, int offset, int size);

  /** {@code out[i] = e^((logits[i] - max) * factor)}. */
  void exponentials(float[] logits, int offset, int size, float max, float factor, float[] out);
}
