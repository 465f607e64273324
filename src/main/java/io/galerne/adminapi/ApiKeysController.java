package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.ApiKeyDetails;
import io.galerne.identity.ApiKeyDirectory;
import io.galerne.identity.NewApiKey;
import io.galerne.identity.Permission;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/api-keys}: keys of {@code /v1}, with bounds that the contract does not have. */
@RestController
class ApiKeysController {
  private static final int NAME_MAX = 255;
  private static final int LIMIT = 100;
  private static final int LIMIT_MAX = 1000;
  private static final int OFFSET_MAX = 1_000_000;
  private static final Set<String> CREATED =
      with(KeyFields.NAMES, "name", "expiration", "expires_at", "workspace_uuid", "user_id");
  private static final Set<String> UPDATED =
      with(KeyFields.NAMES, "name", "expiration", "expires_at");

  private final AdminRequests requests;
  private final ApiKeyDirectory keys;
  private final KeyFields keyFields;
  private final Expirations expirations;
  private final Clock clock;

  ApiKeysController(
      AdminRequests requests,
      ApiKeyDirectory keys,
      KeyFields keyFields,
      Expirations expirations,
      Clock clock) {
    this.requests = requests;
    this.keys = keys;
    this.keyFields = keyFields;
    this.expirations = expirations;
    this.clock = clock;
  }

  record EntryList(List<ApiKeyEntry> keys) {}

  record Deleted(String detail) {}

  private record Rotation(Duration overlap, @Nullable Instant expiresAt) {}

  @GetMapping("/v1/admin/api-keys")
  @Requires(value = Permission.KEYS_READ, inWorkspace = true)
  EntryList list(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Query query = Query.of(request);
    int limit = query.integer("limit", LIMIT, 1, LIMIT_MAX);
    int offset = query.integer("offset", 0, 0, OFFSET_MAX);
    String name = query.text("name");
    query.check();
    return new EntryList(
        keys.list(caller, name == null ? "" : name, limit, offset).stream()
            .map(key -> entry(caller, key, null))
            .toList());
  }

  @GetMapping("/v1/admin/api-keys/{key_id}")
  @Requires(value = Permission.KEYS_READ, inWorkspace = true)
  ApiKeyEntry get(@PathVariable("key_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return entry(caller, keys.get(caller, Query.id("key_id", id)), null);
  }

  @PostMapping("/v1/admin/api-keys")
  @Requires(value = Permission.KEYS_WRITE, inWorkspace = true)
  ApiKeyEntry create(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    NewApiKey wanted =
        requests.object(
            request,
            CREATED,
            fields ->
                new NewApiKey(
                    fields.requiredId("workspace_uuid"),
                    fields.requiredId("user_id"),
                    Objects.requireNonNullElse(fields.text("name", NAME_MAX), ""),
                    expirations.read(fields),
                    keyFields.scope(caller, fields),
                    keyFields.caps(fields)));
    ApiKeyDirectory.Created created = keys.create(caller, wanted);
    return entry(caller, created.details(), created.key().secret());
  }

  @PatchMapping("/v1/admin/api-keys/{key_id}")
  @Requires(value = Permission.KEYS_WRITE, inWorkspace = true)
  ApiKeyEntry update(
      @PathVariable("key_id") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    ApiKeyDetails before = keys.get(caller, Query.id("key_id", id));
    ApiKeyDirectory.Update update =
        requests.object(
            request,
            UPDATED,
            fields ->
                new ApiKeyDirectory.Update(
                    fields.has("name")
                        ? Objects.requireNonNullElse(fields.text("name", NAME_MAX), "")
                        : before.name(),
                    fields.has("expiration") || fields.has("expires_at")
                        ? expirations.read(fields)
                        : before.expiresAt(),
                    keyFields.scope(caller, fields, before.scope()),
                    keyFields.caps(fields, before.caps())));
    return entry(caller, keys.update(caller, before.id(), update), null);
  }

  /** The old key works on for {@code overlap_seconds}, none unless set. */
  @PostMapping("/v1/admin/api-keys/{key_id}/rotate")
  @Requires(value = Permission.KEYS_WRITE, inWorkspace = true)
  ApiKeyEntry rotate(
      @PathVariable("key_id") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    UUID key = Query.id("key_id", id);
    Rotation rotation =
        request.getContentLengthLong() == 0
            ? new Rotation(Duration.ZERO, null)
            : requests.object(
                request,
                Set.of("overlap_seconds", "expiration", "expires_at"),
                fields -> {
                  Long seconds =
                      fields.integer("overlap_seconds", 0, ApiKeyDirectory.OVERLAP_MAX.toSeconds());
                  return new Rotation(
                      Duration.ofSeconds(seconds == null ? 0 : seconds), expirations.read(fields));
                });
    ApiKeyDirectory.Created created =
        keys.rotate(caller, key, rotation.overlap(), rotation.expiresAt());
    return entry(caller, created.details(), created.key().secret());
  }

  @DeleteMapping("/v1/admin/api-keys/{key_id}")
  @Requires(value = Permission.KEYS_WRITE, inWorkspace = true)
  Deleted delete(@PathVariable("key_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    keys.delete(caller, Query.id("key_id", id));
    return new Deleted("API key deleted successfully");
  }

  private ApiKeyEntry entry(TenantAdmin caller, ApiKeyDetails key, @Nullable String secret) {
    Instant end = key.expiresAt();
    return ApiKeyEntry.of(
        key,
        secret,
        caller.mayIn(key.workspaceId(), Permission.KEYS_WRITE),
        end != null && !clock.instant().isBefore(end));
  }

  private static Set<String> with(Set<String> names, String... more) {
    return Stream.concat(names.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
  }
}
