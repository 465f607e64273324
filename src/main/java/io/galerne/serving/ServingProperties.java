package io.galerne.serving;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Bounds of a request's life.
 *
 * @param requestTimeMax from admission to the last token; a request that takes longer is ended
 * @param heartbeat how long a stream may be silent before the client is told that it lives
 */
@Validated
@ConfigurationProperties("galerne.serving")
public record ServingProperties(
    @DurationMin(millis = 1) @DefaultValue("10m") Duration requestTimeMax,
    @DurationMin(millis = 1) @DefaultValue("10s") Duration heartbeat) {}
