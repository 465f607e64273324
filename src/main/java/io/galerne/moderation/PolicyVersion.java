package io.galerne.moderation;

import java.time.Instant;
import java.util.UUID;

/**
 * A published version of a policy, which never changes.
 *
 * @param content in canonical JSON
 * @param hash SHA-256 of the content
 * @param publishedBy the admin key, which for a session is the member's own
 */
public record PolicyVersion(
    int number, String content, String hash, UUID publishedBy, Instant publishedAt) {}
