package io.galerne.moderation;

import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Moderation's settings.
 *
 * @param floor a policy in YAML or JSON that holds for all tenants, or null for none
 * @param floors more of them, by name, each for the deployments that name it
 * @param remoteHosts hosts that remote classifiers may be at; others are not called
 * @param remoteHttp whether remote classifiers may be called without TLS, for those in the house
 * @param refresh how old what is known of a tenant's policies may be
 * @param staleMax how old it may get while the database can't be asked; then requests are refused
 * @param judgeTimeMax how long an embedding of a passage may take
 * @param sampleMax texts of opted-in traffic that a dry run looks at
 * @param dryRunTimeMax how long a dry run may take; it says how far it came
 * @param sweepEvery how often what has expired is taken away
 */
@Validated
@ConfigurationProperties("galerne.moderation")
public record ModerationProperties(
    @Nullable Path floor,
    @DefaultValue Map<String, Path> floors,
    @DefaultValue List<String> remoteHosts,
    @DefaultValue("false") boolean remoteHttp,
    @DurationMin(millis = 1) @DefaultValue("1s") Duration refresh,
    @DurationMin(millis = 1) @DefaultValue("60s") Duration staleMax,
    @DurationMin(millis = 1) @DefaultValue("10s") Duration judgeTimeMax,
    @Min(1) @DefaultValue("500") int sampleMax,
    @DurationMin(millis = 1) @DefaultValue("60s") Duration dryRunTimeMax,
    @DurationMin(millis = 1) @DefaultValue("1h") Duration sweepEvery) {
  public ModerationProperties {
    floors = Map.copyOf(floors);
    remoteHosts = List.copyOf(remoteHosts);
  }
}
