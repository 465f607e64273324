package io.galerne.serving;

import jakarta.validation.constraints.Min;
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
 * @param compilationsMax most formats of answers that are compiled at once
 * @param compilationsPerTenantMax most of them for one tenant
 * @param compilationWait how long a request waits until its format's turn comes
 * @param compilationsWaitingMax most requests that wait for that
 * @param compilationsWaitingPerTenantMax most of them of one tenant
 */
@Validated
@ConfigurationProperties("galerne.serving")
public record ServingProperties(
    @DurationMin(millis = 1) @DefaultValue("10m") Duration requestTimeMax,
    @DurationMin(millis = 1) @DefaultValue("10s") Duration heartbeat,
    @Min(1) @DefaultValue("2") int compilationsMax,
    @Min(1) @DefaultValue("1") int compilationsPerTenantMax,
    @DurationMin(millis = 0) @DefaultValue("5s") Duration compilationWait,
    @Min(1) @DefaultValue("256") int compilationsWaitingMax,
    @Min(1) @DefaultValue("64") int compilationsWaitingPerTenantMax) {}
