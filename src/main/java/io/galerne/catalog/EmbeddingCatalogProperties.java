package io.galerne.catalog;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.validation.annotation.Validated;

/**
 * The names under which the operator's catalogue offers text embeddings.
 *
 * @param models may be empty: then there are no embeddings
 */
@Validated
@ConfigurationProperties(EmbeddingCatalogProperties.PREFIX)
public record EmbeddingCatalogProperties(@DefaultValue List<@Valid Model> models) {
  static final String PREFIX = CatalogProperties.PREFIX + ".embedding";

  public EmbeddingCatalogProperties {
    models = List.copyOf(models);
  }

  /**
   * A name on offer; the fields are those of a model that generates text.
   *
   * @param weights the id of the embedding model that answers under this name
   */
  public record Model(
      @NotNull @Pattern(regexp = CatalogProperties.ID) String id,
      @DefaultValue List<@Pattern(regexp = CatalogProperties.ID) String> aliases,
      @NotBlank String description,
      @NotNull String weights,
      @NotBlank String ownedBy,
      @NotNull @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate created,
      @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable OffsetDateTime deprecation,
      @Nullable String replacement) {
    public Model {
      aliases = List.copyOf(aliases);
    }
  }
}
