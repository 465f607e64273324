package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.galerne.identity.ApiKeyDetails;
import io.galerne.identity.KeyCaps;
import io.galerne.identity.KeyScope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An API key on the wire: the contract's fields, and then ours.
 *
 * @param key the key itself, in the answer that makes it and in no other
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
record ApiKeyEntry(
    UUID keyId,
    @Nullable String key,
    @Nullable String name,
    String hiddenKey,
    Instant createdAt,
    @Nullable LocalDate expirationDate,
    Actions actions,
    UUID workspaceId,
    String workspaceName,
    @Nullable String createdBy,
    String product,
    @Nullable LocalDate lastUsed,
    boolean canDelete,
    @Nullable UUID userId,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable UUID rotatedFrom,
    List<String> models,
    List<String> endpoints,
    List<String> networks,
    Caps caps) {
  /** What may be done with the key. */
  record Actions(Action rotate, Action delete) {}

  /** Whether one thing may be done, and why not. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Action(String status, @Nullable String reason) {
    static Action of(boolean available, String reason) {
      return available ? new Action("available", null) : new Action("unavailable", reason);
    }
  }

  /** The key's own caps; null caps nothing. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Caps(
      @Nullable Integer requestsPerSecond,
      @Nullable Long tokensPerMinute,
      @Nullable Long tokensPerMonth,
      @Nullable Long monthlySpendMicros) {}

  static ApiKeyEntry of(
      ApiKeyDetails key, @Nullable String secret, boolean writable, boolean expired) {
    KeyScope scope = key.scope();
    KeyCaps caps = key.caps();
    return new ApiKeyEntry(
        key.id(),
        secret,
        key.name().isEmpty() ? null : key.name(),
        key.display(),
        key.createdAt(),
        Expirations.lastDay(key.expiresAt()),
        new Actions(
            Action.of(writable && !expired, writable ? "key_expired" : "not_allowed"),
            Action.of(writable, "not_allowed")),
        key.workspaceId(),
        key.workspaceName(),
        key.createdBy(),
        "API",
        key.lastUsedAt() == null ? null : Expirations.day(key.lastUsedAt()),
        writable,
        key.userId(),
        key.expiresAt(),
        key.lastUsedAt(),
        key.rotatedFrom(),
        scope.models(),
        scope.endpoints(),
        scope.networks(),
        new Caps(
            caps.requestsPerSecond(),
            caps.tokensPerMinute(),
            caps.tokensPerMonth(),
            caps.monthlySpendMicros()));
  }

  @Override
  public String toString() {
    return "ApiKeyEntry[" + keyId + ", " + hiddenKey + "]";
  }
}
