package io.galerne.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A workspace as its organisation sees it.
 *
 * @param keyDaysMax the longest that new API keys may last here; null for what the organisation
 *     says
 */
public record WorkspaceDetails(
    UUID id,
    String name,
    String description,
    String icon,
    boolean isDefault,
    long membersCount,
    Instant createdAt,
    @Nullable Instant archivedAt,
    @Nullable Integer keyDaysMax) {}
