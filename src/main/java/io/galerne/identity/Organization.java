package io.galerne.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as the platform and its owners see it.
 *
 * @param plan the name of what it pays for
 * @param suspendedAt since when its keys are refused; null if they aren't
 * @param keyDaysMax the longest that new API keys may last; null for any time
 */
public record Organization(
    UUID id,
    String name,
    String plan,
    Instant createdAt,
    @Nullable Instant suspendedAt,
    @Nullable Integer keyDaysMax) {}
