package io.galerne.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What its organisation sees of a key of the Admin API; the key itself is not kept.
 *
 * @param email of the member with whose roles it acts
 */
public record AdminKeyDetails(
    UUID id,
    UUID memberId,
    String email,
    String name,
    String display,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {}
