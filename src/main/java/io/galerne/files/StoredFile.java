package io.galerne.files;

import java.time.Instant;
import java.util.UUID;

/**
 * A complete file.
 *
 * @param lines how many it has
 * @param signature the beginning of its SHA-256, in hexadecimal
 */
public record StoredFile(
    UUID id,
    String filename,
    SampleType sampleType,
    Visibility visibility,
    String mimetype,
    long bytes,
    int lines,
    String signature,
    Instant createdAt,
    Instant expiresAt) {}
