package io.galerne.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key to make.
 *
 * @param userId the member it is for; null for a key that Galerne makes for itself
 * @param expiresAt when it ends; null for as late as the policies allow, or never
 */
public record NewApiKey(
    UUID workspaceId,
    @Nullable UUID userId,
    String name,
    @Nullable Instant expiresAt,
    KeyScope scope,
    KeyCaps caps) {}
