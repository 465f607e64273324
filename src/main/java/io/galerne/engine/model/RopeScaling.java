package io.galerne.engine.model;

/**
 * How a model was stretched to positions beyond those it was first trained for. Llama 3's way is
 * none of these: its files carry a factor for each frequency in the tensor {@code rope_freqs}.
 */
public sealed interface RopeScaling {
  /** The frequency at which pair {@code pair} of {@code dimensions / 2} turns after scaling. */
  double scale(double frequency, int pair, int dimensions, double base);

  /** What scaling multiplies turned vectors by. */
  default double magnitude() {
    return 1;
  }

  /** As trained. */
  record None() implements RopeScaling {
    @Override
    public double scale(double frequency, int pair, int dimensions, double base) {
      return frequency;
    }
  }

  /** Position interpolation (Chen et al., 2023): every frequency is divided by the factor. */
  record Linear(float factor) implements RopeScaling {
    @Override
    public double scale(double frequency, int pair, int dimensions, double base) {
      return frequency / factor;
    }
  }

  /**
   * YaRN (Peng et al., 2023): fast pairs turn as trained, slow ones are interpolated, with a linear
   * ramp between the pairs that make {@code betaFast} and {@code betaSlow} turns over the original
   * context; magnitudes grow a little to keep the entropy of attention.
   *
   * @param originalContext positions that the model was trained for
   * @param logMultiplier weight of the magnitude's divisor; 0 for none
   */
  record Yarn(
      float factor, int originalContext, float betaFast, float betaSlow, float logMultiplier)
      implements RopeScaling {
    @Override
    public double scale(double frequency, int pair, int dimensions, double base) {
      double low = Math.max(0, Math.floor(pairOf(betaFast, dimensions, base)));
      double high = Math.min(dimensions - 1, Math.ceil(pairOf(betaSlow, dimensions, base)));
      double ramp = (pair - low) / Math.max(0.001, high - low);
      double interpolated = Math.clamp(ramp, 0.0, 1.0);
      return frequency * (1 - interpolated) + frequency / factor * interpolated;
    }

    @Override
    public double magnitude() {
      return logMultiplier == 0 ? growth(1) : growth(1) / growth(logMultiplier);
    }

    private double growth(double weight) {
      return factor <= 1 ? 1 : 0.1 * weight * StrictMath.log(factor) + 1;
    }

    /** The pair, as a fraction, that makes so many turns over the original context. */
    private double pairOf(double turns, int dimensions, double base) {
      double wavelengths = originalContext / (turns * 2 * Math.PI);
      return dimensions * StrictMath.log(wavelengths) / (2 * StrictMath.log(base));
    }
  }
}
