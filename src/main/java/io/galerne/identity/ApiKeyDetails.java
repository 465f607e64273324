package io.galerne.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What its owner sees of an API key; the key itself is not kept.
 *
 * @param display the key's beginning
 * @param createdBy the e-mail of the member it was made for
 */
public record ApiKeyDetails(
    UUID id,
    UUID workspaceId,
    String workspaceName,
    String name,
    String display,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable UUID userId,
    @Nullable String createdBy,
    @Nullable UUID rotatedFrom,
    KeyScope scope,
    KeyCaps caps) {}
