package io.galerne.engine.model;

import io.galerne.engine.gguf.GgufException;

/**
 * How positions turn queries and keys.
 *
 * @param dimensions leading elements of a head that turn; even
 * @param base theta: 10 000 for Mistral 7B v0.1, 1 000 000 from v0.2 on and for Mixtral
 * @param magnitude what a turned vector is multiplied by
 * @param temperature slope by which queries grow with the logarithm of their position; 0 for none
 * @param originalContext positions that the model was first trained for
 */
public record RopeConfig(
    int dimensions,
    float base,
    RopeScaling scaling,
    float magnitude,
    float temperature,
    int originalContext) {
  private static final float FACTOR_MAX = 1e6f;

  /**
   * Reads the keys under {@code rope}.
   *
   * @throws GgufException naming the key that is out of range or asks for another kind of scaling
   */
  static RopeConfig from(ArchitectureKeys keys, int headSize, int context) {
    int dimensions = keys.integer("rope.dimension_count", headSize, 0, headSize);
    if (dimensions % 2 != 0) {
      throw keys.failure("rope.dimension_count", dimensions + " is not an even number");
    }
    float base = keys.positive("rope.freq_base", 10_000);
    int original =
        keys.integer("rope.scaling.original_context_length", context, 1, Integer.MAX_VALUE);
    float factor = factor(keys, "rope.scaling.factor", factor(keys, "rope.scale_linear", 1));
    float magnitude = factor(keys, "rope.scaling.attn_factor", 1);
    float temperature = keys.number("attention.temperature_scale", 0, 0, FACTOR_MAX);
    String type = keys.string("rope.scaling.type", "linear");
    return switch (type) {
      case "none" ->
          new RopeConfig(
              dimensions, base, new RopeScaling.None(), magnitude, temperature, original);
      case "linear" ->
          new RopeConfig(
              dimensions, base, new RopeScaling.Linear(factor), magnitude, temperature, original);
      case "yarn" -> {
        if (!(base > 1)) {
          throw keys.failure("rope.freq_base", base + " is not above 1, which yarn requires");
        }
        RopeScaling.Yarn yarn = yarn(keys, factor, original);
        float scaled = magnitude * factor(keys, "rope.scaling.yarn_attn_factor", 1);
        yield new RopeConfig(dimensions, base, yarn, scaled, temperature, original);
      }
      default -> throw keys.failure("rope.scaling.type", "'" + type + "' is not supported");
    };
  }

  /** Factors are positive; the bounds keep every product of them finite. */
  private static float factor(ArchitectureKeys keys, String key, float otherwise) {
    return keys.number(key, otherwise, 1 / FACTOR_MAX, FACTOR_MAX);
  }

  private static RopeScaling.Yarn yarn(ArchitectureKeys keys, float factor, int original) {
    if (keys.number("rope.scaling.yarn_ext_factor", 1, -1, FACTOR_MAX) >= 0) {
      keys.refuse("rope.scaling.yarn_ext_factor", 1, "a partial extrapolation");
    }
    return new RopeScaling.Yarn(
        factor,
        original,
        factor(keys, "rope.scaling.yarn_beta_fast", 32),
        factor(keys, "rope.scaling.yarn_beta_slow", 1),
        keys.number("rope.scaling.yarn_log_multiplier", 0, 0, FACTOR_MAX));
  }
}
