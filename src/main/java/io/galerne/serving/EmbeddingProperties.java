package io.galerne.serving;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The bounds of embeddings.
 *
 * @param threads texts that are computed at once, each on one thread
 * @param requestsMax requests that are computed or wait; one more is told to come back
 * @param tokensMax most tokens of a request, all its texts together
 */
@Validated
@ConfigurationProperties("galerne.embedding")
public record EmbeddingProperties(
    @Min(1) @Max(1024) @DefaultValue("1") int threads,
    @Min(1) @Max(65_536) @DefaultValue("64") int requestsMax,
    @Min(1) @DefaultValue("16384") int tokensMax) {}
