package io.galerne.moderation;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's policy as it stands.
 *
 * @param draft as somebody wrote it, YAML or JSON
 * @param activeVersion the version in force, or null
 */
public record StoredPolicy(
    UUID id,
    String name,
    PolicyScope scope,
    @Nullable String draft,
    @Nullable Integer activeVersion,
    Instant createdAt,
    Instant updatedAt) {}
