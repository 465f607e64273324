package io.galerne.serving;

import io.galerne.engine.kernel.KernelChoice;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The bounds of each engine.
 *
 * @param threads compute threads; 0 takes all processors
 * @param kvMemory most memory for keys and values; unset, 1 GiB or a quarter of the heap if that is
 *     less
 * @param sequencesMax most answers in progress together
 * @param waitingMax most requests that wait for a place
 * @param waitingPerTenantMax most of them of one tenant
 * @param stepTokensMax most tokens computed in a step
 * @param promptTokensBeside most prompt tokens in a step that others decode in
 * @param draftTokensMax most tokens that are guessed for an answer in a step, from what was said
 *     before; 0 for none. Answers are the same with any
 * @param kernels which arithmetic computes, the fastest that runs here unless said otherwise;
 *     answers are the same with any
 */
@Validated
@ConfigurationProperties("galerne.engine")
public record EngineProperties(
    @Min(0) @DefaultValue("0") int threads,
    @Nullable DataSize kvMemory,
    @Min(1) @DefaultValue("64") int sequencesMax,
    @Min(0) @DefaultValue("256") int waitingMax,
    @Min(0) @DefaultValue("128") int waitingPerTenantMax,
    @Min(1) @DefaultValue("512") int stepTokensMax,
    @Min(1) @DefaultValue("128") int promptTokensBeside,
    @Min(0) @DefaultValue("8") int draftTokensMax,
    @DefaultValue("automatic") KernelChoice kernels) {}
