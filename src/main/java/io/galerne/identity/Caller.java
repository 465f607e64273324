package io.galerne.identity;

import java.util.UUID;

/** Whose request this is: proven by an API key, passed explicitly from the edge inwards. */
public record Caller(UUID tenantId, UUID workspaceId, UUID apiKeyId) {}
