package io.galerne.metering;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The operator's prices ({@code config/prices.yaml}).
 *
 * @param currency ISO 4217; an installation bills in one
 * @param models what each costs; one without an entry costs nothing
 */
@Validated
@ConfigurationProperties("galerne.prices")
public record PriceProperties(
    @Pattern(regexp = "[A-Z]{3}") @DefaultValue("EUR") String currency,
    @Size(max = 10_000) @DefaultValue List<@Valid Model> models) {
  public PriceProperties {
    models = List.copyOf(models);
    Set<String> names = new HashSet<>();
    for (Model model : models) {
      if (model.model() != null && !names.add(model.model())) {
        throw new IllegalArgumentException("galerne.prices.models has " + model.model() + " twice");
      }
    }
  }

  /**
   * Prices in units of the currency per million tokens, to six decimals.
   *
   * @param cachedInput without it, as input
   * @param batch without it, half of each
   */
  public record Model(
      @NotBlank @Size(max = 128) String model,
      @NotNull @DecimalMin("0") @DecimalMax("1000") @Digits(integer = 4, fraction = 6)
          BigDecimal input,
      @DecimalMin("0") @DecimalMax("1000") @Digits(integer = 4, fraction = 6)
          @Nullable BigDecimal cachedInput,
      @NotNull @DecimalMin("0") @DecimalMax("1000") @Digits(integer = 4, fraction = 6)
          BigDecimal output,
      @Valid @Nullable Batch batch) {
    Rates realtime() {
      return rates(input, cachedInput, output);
    }

    Rates batchRates() {
      return batch == null
          ? realtime().half()
          : rates(batch.input(), batch.cachedInput(), batch.output());
    }
  }

  /** Prices of batch jobs. */
  public record Batch(
      @NotNull @DecimalMin("0") @DecimalMax("1000") @Digits(integer = 4, fraction = 6)
          BigDecimal input,
      @DecimalMin("0") @DecimalMax("1000") @Digits(integer = 4, fraction = 6)
          @Nullable BigDecimal cachedInput,
      @NotNull @DecimalMin("0") @DecimalMax("1000") @Digits(integer = 4, fraction = 6)
          BigDecimal output) {}

  private static Rates rates(
      BigDecimal input, @Nullable BigDecimal cachedInput, BigDecimal output) {
    return new Rates(
        micros(input), micros(cachedInput == null ? input : cachedInput), micros(output));
  }

  private static long micros(BigDecimal units) {
    return units.movePointRight(6).longValueExact();
  }
}
