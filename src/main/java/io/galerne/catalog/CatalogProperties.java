package io.galerne.catalog;

import io.galerne.engine.template.PromptFormat;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The operator's catalogue ({@code config/catalog.yaml}). In an instance no id or alias names two
 * things; whether the weights that models name are known is {@link WeightsCatalog}'s question.
 *
 * @param weights files, and settings of weights in the store
 * @param store the folder of weights that were added by command; its ids need no entry here
 */
@Validated
@ConfigurationProperties(CatalogProperties.PREFIX)
public record CatalogProperties(
    @DefaultValue List<@Valid Weights> weights,
    @NotEmpty @DefaultValue List<@Valid Model> models,
    @DefaultValue("data/models") Path store) {
  static final String PREFIX = "galerne.catalog";
  static final String TEMPERATURE = "0.7";
  static final String ID = "[A-Za-z0-9][A-Za-z0-9._:-]{0,127}";

  public CatalogProperties {
    weights = List.copyOf(weights);
    models = List.copyOf(models);
    CatalogRules.check(weights, models);
  }

  /**
   * A file with weights; or, without a file, settings of weights in the store.
   *
   * @param file absolute, or relative to the working directory
   * @param sha256 lower-case hex digest of the file; start-up fails when another was loaded
   * @param source where the weights come from
   * @param defaultTemperature for requests that name none
   * @param contextLimit tokens, where less than the weights allow is wanted
   * @param threads compute threads of this engine, instead of {@code galerne.engine.threads}
   * @param kvMemory for keys and values, instead of {@code galerne.engine.kv-memory}
   * @param sequencesMax answers in progress together, instead of {@code
   *     galerne.engine.sequences-max}
   * @param promptFormat where another is wanted than the one that the file shows
   * @param slidingWindow tokens that one attends to, where the file doesn't say it (files of
   *     Mistral 7B v0.1 don't: 4096) or says something else; 0 for all
   */
  public record Weights(
      @NotNull @Pattern(regexp = ID) String id,
      @Nullable Path file,
      @Pattern(regexp = "[0-9a-f]{64}") @Nullable String sha256,
      @Size(min = 1) @Nullable String licence,
      @Size(min = 1) @Nullable String source,
      @DecimalMin("0.0") @DecimalMax("1.5") @DefaultValue(TEMPERATURE) double defaultTemperature,
      @Min(16) @Nullable Integer contextLimit,
      @Min(1) @Max(1024) @Nullable Integer threads,
      @Nullable DataSize kvMemory,
      @Min(1) @Max(65_536) @Nullable Integer sequencesMax,
      @Nullable PromptFormat promptFormat,
      @Min(0) @Nullable Integer slidingWindow) {
    Tuning tuning() {
      return new Tuning(contextLimit, threads, kvMemory, sequencesMax, promptFormat, slidingWindow);
    }
  }

  /**
   * A name on offer.
   *
   * @param weights the id of the weights that answer under this name
   * @param created the day the name came to be
   * @param deprecation when the name goes away, if it does
   * @param replacement the name to use then
   */
  public record Model(
      @NotNull @Pattern(regexp = ID) String id,
      @DefaultValue List<@Pattern(regexp = ID) String> aliases,
      @NotBlank String description,
      @NotNull String weights,
      @NotEmpty @DefaultValue Set<Capability> capabilities,
      @NotBlank String ownedBy,
      @NotNull @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate created,
      @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable OffsetDateTime deprecation,
      @Nullable String replacement) {
    public Model {
      aliases = List.copyOf(aliases);
      capabilities = Set.copyOf(capabilities);
    }
  }
}
