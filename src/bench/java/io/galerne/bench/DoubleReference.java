package io.galerne.bench;

import io.galerne.engine.kernel.PackedMatrix;
import io.galerne.engine.kernel.PackedRows;
import io.galerne.engine.model.LlamaConfig;
import io.galerne.engine.model.LlamaWeights;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The llama architecture straight from its definition, in double precision and without a cache:
 * what the weights say, as far as a distribution can be known. Dense models without windows only.
 *
 * <p>Matrices of activations are {@code [elements][tokens]}, so that inner loops run over tokens
 * and no sum depends on vector instructions.
 */
final class DoubleReference {
  private final LlamaConfig config;
  private final LlamaWeights weights;

  DoubleReference(LlamaConfig config, LlamaWeights weights) {
    this.config = config;
    this.weights = weights;
  }

  /** The normalised last states, {@code [embedding][tokens]}. */
  double[][] states(int[] tokens) {
    double[][] x = new double[config.embedding()][tokens.length];
    float[] row = new float[config.embedding()];
    for (int t = 0; t < tokens.length; t++) {
      PackedRows.read(weights.tokenEmbedding(), tokens[t], row, 0);
      for (int i = 0; i < row.length; i++) {
        x[i][t] = row[i];
      }
    }
    for (LlamaWeights.Layer layer : weights.layers()) {
      double[][] normed = normalised(x, layer.attentionNorm());
      double[][] queries = product(layer.query().matrix(), normed);
      double[][] keys = product(layer.key().matrix(), normed);
      turn(queries, config.heads());
      turn(keys, config.kvHeads());
      double[][] values = product(layer.value().matrix(), normed);
      add(x, product(layer.attentionOutput().matrix(), attended(queries, keys, values)));
      normed = normalised(x, layer.feedForwardNorm());
      if (!(layer.feedForward() instanceof LlamaWeights.Network network)) {
        throw new IllegalArgumentException("the reference knows no mixtures of experts");
      }
      double[][] gate = product(network.gate(), normed);
      double[][] up = product(network.up(), normed);
      for (int i = 0; i < gate.length; i++) {
        for (int t = 0; t < tokens.length; t++) {
          gate[i][t] *= up[i][t] / (1 + Math.exp(-gate[i][t]));
        }
      }
      add(x, product(network.down(), gate));
    }
    return normalised(x, weights.outputNorm());
  }

  /** Log probabilities of the next token, {@code [vocabulary][to - from]}. */
  double[][] logProbabilities(double[][] states, int from, int to) {
    double[][] part = new double[states.length][];
    for (int i = 0; i < part.length; i++) {
      part[i] = Arrays.copyOfRange(states[i], from, to);
    }
    double[][] logits = product(weights.output(), part);
    for (int t = 0; t < to - from; t++) {
      double max = Double.NEGATIVE_INFINITY;
      for (double[] token : logits) {
        max = Math.max(max, token[t]);
      }
      double sum = 0;
      for (double[] token : logits) {
        sum += Math.exp(token[t] - max);
      }
      double normaliser = max + Math.log(sum);
      for (double[] token : logits) {
        token[t] -= normaliser;
      }
    }
    return logits;
  }

  private double[][] normalised(double[][] x, float[] norm) {
    int tokens = x[0].length;
    double[] scale = new double[tokens];
    for (double[] element : x) {
      for (int t = 0; t < tokens; t++) {
        scale[t] += element[t] * element[t];
      }
    }
    for (int t = 0; t < tokens; t++) {
      scale[t] = 1 / Math.sqrt(scale[t] / x.length + config.normEpsilon());
    }
    double[][] out = new double[x.length][tokens];
    for (int i = 0; i < x.length; i++) {
      for (int t = 0; t < tokens; t++) {
        out[i][t] = x[i][t] * scale[t] * norm[i];
      }
    }
    return out;
  }

  private static double[][] product(PackedMatrix matrix, double[][] x) {
    int tokens = x[0].length;
    double[][] out = new double[matrix.rows()][];
    IntStream.range(0, matrix.rows())
        .parallel()
        .forEach(
            row -> {
              float[] weight = new float[matrix.columns()];
              PackedRows.read(matrix, row, weight, 0);
              double[] sums = new double[tokens];
              for (int c = 0; c < weight.length; c++) {
                double w = weight[c];
                double[] inputs = x[c];
                for (int t = 0; t < tokens; t++) {
                  sums[t] += w * inputs[t];
                }
              }
              out[row] = sums;
            });
    return out;
  }

  private void turn(double[][] x, int heads) {
    int pairs = config.rope().dimensions() / 2;
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < pairs; i++) {
        double frequency = Math.pow(config.rope().base(), -1.0 * i / pairs);
        double[] even = x[head * config.headSize() + 2 * i];
        double[] odd = x[head * config.headSize() + 2 * i + 1];
        for (int t = 0; t < even.length; t++) {
          double cosine = Math.cos(t * frequency);
          double sine = Math.sin(t * frequency);
          double turned = even[t] * cosine - odd[t] * sine;
          odd[t] = even[t] * sine + odd[t] * cosine;
          even[t] = turned;
        }
      }
    }
  }

  private double[][] attended(double[][] queries, double[][] keys, double[][] values) {
    int tokens = queries[0].length;
    int size = config.headSize();
    double[][] out = new double[queries.length][tokens];
    IntStream.range(0, config.heads())
        .parallel()
        .forEach(
            head -> {
              int query = head * size;
              int key = head / (config.heads() / config.kvHeads()) * size;
              for (int t = 0; t < tokens; t++) {
                double[] weight = new double[t + 1];
                for (int i = 0; i < size; i++) {
                  double q = queries[query + i][t] / Math.sqrt(size);
                  for (int p = 0; p <= t; p++) {
                    weight[p] += q * keys[key + i][p];
                  }
                }
                softmax(weight);
                for (int i = 0; i < size; i++) {
                  double sum = 0;
                  for (int p = 0; p <= t; p++) {
                    sum += weight[p] * values[key + i][p];
                  }
                  out[query + i][t] = sum;
                }
              }
            });
    return out;
  }

  private static void softmax(double[] weight) {
    double max = Arrays.stream(weight).max().orElseThrow();
    double sum = 0;
    for (int p = 0; p < weight.length; p++) {
      weight[p] = Math.exp(weight[p] - max);
      sum += weight[p];
    }
    for (int p = 0; p < weight.length; p++) {
      weight[p] /= sum;
    }
  }

  private static void add(double[][] x, double[][] more) {
    for (int i = 0; i < x.length; i++) {
      for (int t = 0; t < x[i].length; t++) {
        x[i][t] += more[i][t];
      }
    }
  }
}
