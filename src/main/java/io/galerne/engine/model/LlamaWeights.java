package io.galerne.engine.model;

import io.galerne.engine.kernel.PackedMatrix;
import java.util.List;

/**
 * All weights of a model, packed. Matrices are {@code [rows x columns]} = {@code [outputs x
 * inputs]}.
 *
 * @param tokenEmbedding {@code [vocabulary x embedding]}
 * @param outputNorm {@code [embedding]}
 * @param output {@code [vocabulary x embedding]}; the token embedding itself where the file ties
 *     the two
 */
public record LlamaWeights(
    PackedMatrix tokenEmbedding, List<Layer> layers, float[] outputNorm, PackedMatrix output) {
  public LlamaWeights {
    layers = List.copyOf(layers);
  }

  /**
   * One transformer block.
   *
   * @param attentionNorm {@code [embedding]}
   * @param query {@code [heads * headSize x embedding]}
   * @param key {@code [kvHeads * headSize x embedding]}
   * @param value {@code [kvHeads * headSize x embedding]}
   * @param attentionOutput {@code [embedding x heads * headSize]}
   * @param feedForwardNorm {@code [embedding]}
   * @param gate {@code [feedForward x embedding]}
   * @param up {@code [feedForward x embedding]}
   * @param down {@code [embedding x feedForward]}
   */
  public record Layer(
      float[] attentionNorm,
      PackedMatrix query,
      PackedMatrix key,
      PackedMatrix value,
      PackedMatrix attentionOutput,
      float[] feedForwardNorm,
      PackedMatrix gate,
      PackedMatrix up,
      PackedMatrix down) {}

  public int vocabulary() {
    return tokenEmbedding.rows();
  }
}
