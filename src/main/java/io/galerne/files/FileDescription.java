package io.galerne.files;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file beside its bytes.
 *
 * @param filename 1 to 255 characters
 * @param mimetype 1 to 255 characters
 * @param lines how many it has
 * @param lifetime how long it is kept; null for as long as the settings say
 */
public record FileDescription(
    String filename,
    SampleType sampleType,
    Visibility visibility,
    String mimetype,
    int lines,
    @Nullable Duration lifetime) {}
