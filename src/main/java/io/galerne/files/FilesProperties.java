package io.galerne.files;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The bounds of files.
 *
 * @param sizeMax of one file
 * @param tenantSizeMax of all files of a tenant together
 * @param tenantFilesMax most files of a tenant
 * @param retention how long a file is kept that does not say itself when it expires
 * @param uploadTimeMax a file that is not complete by then is given up
 */
@Validated
@ConfigurationProperties("galerne.files")
public record FilesProperties(
    @DefaultValue("512MB") DataSize sizeMax,
    @DefaultValue("20GB") DataSize tenantSizeMax,
    @Min(1) @Max(1_000_000) @DefaultValue("10000") int tenantFilesMax,
    @DurationMin(minutes = 1) @DefaultValue("30d") Duration retention,
    @DurationMin(minutes = 1) @DefaultValue("1h") Duration uploadTimeMax) {}
