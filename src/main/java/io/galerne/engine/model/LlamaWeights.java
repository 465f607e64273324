package io.galerne.engine.model;

import io.galerne.engine.kernel.PackedMatrix;
import java.util.List;

/**
 * All weights of a model, packed. Matrices are {@code [rows x columns]} = {@code [outputs x
 * inputs]}.
 *
 * @param tokenEmbedding {@code [vocabulary x embedding]}
 * @param ropeFactors {@code [ropeDimensions / 2]} divisors of the frequencies; empty for none
 * @param outputNorm {@code [embedding]}
 * @param output {@code [vocabulary x embedding]}; the token embedding itself where the file ties
 *     the two
 */
public record LlamaWeights(
    PackedMatrix tokenEmbedding,
    float[] ropeFactors,
    List<Layer> layers,
    float[] outputNorm,
    PackedMatrix output) {
  public LlamaWeights {
    layers = List.copyOf(layers);
  }

  /**
   * One transformer block.
   *
   * @param attentionNorm {@code [embedding]}
   * @param query {@code heads * headSize} outputs
   * @param key {@code kvHeads * headSize} outputs
   * @param value {@code kvHeads * headSize} outputs
   * @param attentionOutput {@code [embedding x heads * headSize]}
   * @param feedForwardNorm {@code [embedding]}
   */
  public record Layer(
      float[] attentionNorm,
      Projection query,
      Projection key,
      Projection value,
      Projection attentionOutput,
      float[] feedForwardNorm,
      FeedForwardWeights feedForward) {}

  /**
   * A matrix and what is added to its products.
   *
   * @param bias {@code [rows]}; empty for none
   */
  public record Projection(PackedMatrix matrix, float[] bias) {
    /** Adds the bias to one token's products, {@code [rows]} from {@code offset}. */
    void addBias(float[] products, int offset) {
      for (int i = 0; i < bias.length; i++) {
        products[offset + i] += bias[i];
      }
    }
  }

  /** What follows attention in a block. */
  public sealed interface FeedForwardWeights {}

  /**
   * One gated network.
   *
   * @param gate {@code [feedForward x embedding]}
   * @param up {@code [feedForward x embedding]}
   * @param down {@code [embedding x feedForward]}
   */
  public record Network(PackedMatrix gate, PackedMatrix up, PackedMatrix down)
      implements FeedForwardWeights {}

  /**
   * Networks to choose from.
   *
   * @param router {@code [experts x embedding]}
   */
  public record Mixture(PackedMatrix router, List<Network> experts) implements FeedForwardWeights {
    public Mixture {
      experts = List.copyOf(experts);
    }
  }

  public int vocabulary() {
    return tokenEmbedding.rows();
  }
}
