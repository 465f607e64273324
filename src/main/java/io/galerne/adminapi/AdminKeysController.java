package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.AdminKeyDetails;
import io.galerne.identity.AdminKeys;
import io.galerne.identity.IssuedKey;
import io.galerne.identity.Permission;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /v1/admin/admin-keys}: keys of this API itself. The official contract is silent on them.
 */
@RestController
class AdminKeysController {
  private static final int NAME_MAX = 255;

  private final AdminRequests requests;
  private final AdminKeys keys;
  private final Expirations expirations;

  AdminKeysController(AdminRequests requests, AdminKeys keys, Expirations expirations) {
    this.requests = requests;
    this.keys = keys;
    this.expirations = expirations;
  }

  record Entry(
      @JsonProperty("key_id") UUID keyId,
      @JsonProperty("user_id") UUID userId,
      String email,
      String name,
      @JsonProperty("hidden_key") String hiddenKey,
      @JsonProperty("created_at") Instant createdAt,
      @JsonProperty("expires_at") @Nullable Instant expiresAt,
      @JsonProperty("last_used_at") @Nullable Instant lastUsedAt) {
    static Entry of(AdminKeyDetails key) {
      return new Entry(
          key.id(),
          key.memberId(),
          key.email(),
          key.name(),
          key.display(),
          key.createdAt(),
          key.expiresAt(),
          key.lastUsedAt());
    }
  }

  record EntryList(List<Entry> keys) {}

  /** The key is in no other answer. */
  record CreatedEntry(
      @JsonProperty("key_id") UUID keyId,
      String key,
      @JsonProperty("hidden_key") String hiddenKey) {
    @Override
    public String toString() {
      return "CreatedEntry[" + hiddenKey + "]";
    }
  }

  private record Wanted(UUID userId, String name, @Nullable Instant expiresAt) {}

  @GetMapping("/v1/admin/admin-keys")
  @Requires(Permission.ADMIN_KEYS_READ)
  EntryList list(@AuthenticationPrincipal TenantAdmin caller) {
    return new EntryList(keys.list(caller).stream().map(Entry::of).toList());
  }

  @PostMapping("/v1/admin/admin-keys")
  @Requires(Permission.ADMIN_KEYS_WRITE)
  CreatedEntry create(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Wanted wanted =
        requests.object(
            request,
            Set.of("user_id", "name", "expiration", "expires_at"),
            fields ->
                new Wanted(
                    fields.requiredId("user_id"),
                    Objects.requireNonNullElse(fields.text("name", NAME_MAX), ""),
                    expirations.read(fields)));
    IssuedKey key = keys.create(caller, wanted.userId(), wanted.name(), wanted.expiresAt());
    return new CreatedEntry(key.id(), key.secret(), key.display());
  }

  @DeleteMapping("/v1/admin/admin-keys/{key_id}")
  @Requires(Permission.ADMIN_KEYS_WRITE)
  UsersController.Deleted delete(
      @PathVariable("key_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    keys.revoke(caller, Query.id("key_id", id));
    return new UsersController.Deleted("Admin API key deleted");
  }
}
