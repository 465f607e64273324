package io.galerne.journal;

import io.galerne.identity.Caller;
import io.galerne.metering.Evidence;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of the spool: a line for the ledger, or a note of what an unfinished answer has
 * delivered, which becomes one if nothing follows.
 */
record SpoolLine(
    boolean settled,
    UUID requestId,
    UUID tenantId,
    UUID workspaceId,
    UUID apiKeyId,
    UsageSource source,
    TokenCounts tokens,
    UsageRecord.Outcome outcome,
    Instant startedAt,
    Instant endedAt,
    @Nullable String evidence) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int CHECKSUM_DIGITS = 8;

  static SpoolLine settled(UsageRecord usage, @Nullable String evidence) {
    return of(true, usage, evidence);
  }

  static SpoolLine note(UsageRecord usage) {
    return of(false, usage, null);
  }

  private static SpoolLine of(boolean settled, UsageRecord usage, @Nullable String evidence) {
    return new SpoolLine(
        settled,
        usage.requestId(),
        usage.caller().tenantId(),
        usage.caller().workspaceId(),
        usage.caller().apiKeyId(),
        usage.source(),
        usage.tokens(),
        usage.outcome(),
        usage.startedAt(),
        usage.endedAt(),
        evidence);
  }

  UsageRecord usage() {
    return new UsageRecord(
        requestId,
        new Caller(tenantId, workspaceId, apiKeyId),
        source,
        tokens,
        outcome,
        startedAt,
        endedAt,
        evidence == null ? null : new Evidence.Encoded(evidence));
  }

  /** With a checksum, since the end of a file may be torn. */
  String encode() {
    String json = JSON.writeValueAsString(this);
    return checksum(json) + " " + json + "\n";
  }

  /** Empty for a line that is torn. */
  static Optional<SpoolLine> decode(String line) {
    if (line.length() <= CHECKSUM_DIGITS + 1) {
      return Optional.empty();
    }
    String json = line.substring(CHECKSUM_DIGITS + 1);
    if (!line.startsWith(checksum(json))) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(json, SpoolLine.class));
    } catch (JacksonException e) {
      throw new IllegalStateException("a line of the spool is of another version: " + json, e);
    }
  }

  private static String checksum(String json) {
    CRC32C crc = new CRC32C();
    crc.update(json.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }
}
