package io.galerne.batch;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The bounds of batch jobs.
 *
 * @param enabled whether this process computes lines; it takes and shows jobs either way
 * @param linesMax most lines of a file, and of a job
 * @param lineSizeMax the largest line of a file
 * @param inlineMax most requests of a job that come with it instead of in a file
 * @param inlineSizeMax the largest body of a request that creates a job, and the largest result
 *     that is given inline
 * @param jobsPerTenantMax most jobs of a tenant that have not ended
 * @param concurrency most lines that this process computes at once
 * @param concurrencyPerJob most of them of one job
 * @param attemptsMax how often a line is tried that fails for a reason of ours
 * @param lease a process that has not been heard of for so long loses its lines to others
 * @param poll how often a process looks for jobs, cancellations and deadlines
 * @param retention how long a job is kept after its end
 */
@Validated
@ConfigurationProperties("galerne.batch")
public record BatchProperties(
    @DefaultValue("true") boolean enabled,
    @Min(1) @Max(1_000_000) @DefaultValue("50000") int linesMax,
    @DefaultValue("1MB") DataSize lineSizeMax,
    @Min(1) @DefaultValue("10000") int inlineMax,
    @DefaultValue("16MB") DataSize inlineSizeMax,
    @Min(1) @DefaultValue("100") int jobsPerTenantMax,
    @Min(1) @Max(4096) @DefaultValue("16") int concurrency,
    @Min(1) @Max(4096) @DefaultValue("8") int concurrencyPerJob,
    @Min(1) @DefaultValue("3") int attemptsMax,
    @DurationMin(seconds = 1) @DefaultValue("30s") Duration lease,
    @DurationMin(millis = 10) @DefaultValue("500ms") Duration poll,
    @DurationMin(minutes = 1) @DefaultValue("30d") Duration retention) {}
