package io.galerne.idempotency;

import io.galerne.identity.AdminCaller;
import io.galerne.identity.Caller;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose request it is, and which: two requests are the same only within it. It ends at the
 * credential, so that one workspace's key can't ask for another's answers.
 *
 * @param key as the client chose it
 */
record IdempotencyScope(UUID tenantId, UUID credentialId, String route, String key) {
  /** The platform's operator belongs to no tenant. */
  private static final UUID PLATFORM = new UUID(0, 0);

  private static final int ROUTE_MAX = 300;

  /** Empty for who is nobody, who can't have sent a request before. */
  static Optional<IdempotencyScope> of(@Nullable Object principal, String route, String key) {
    String shortRoute = route.length() > ROUTE_MAX ? route.substring(0, ROUTE_MAX) : route;
    return switch (principal) {
      case Caller caller ->
          Optional.of(new IdempotencyScope(caller.tenantId(), caller.apiKeyId(), shortRoute, key));
      case AdminCaller.TenantAdmin admin ->
          Optional.of(new IdempotencyScope(admin.tenantId(), admin.keyId(), shortRoute, key));
      case AdminCaller.PlatformOperator operator ->
          Optional.of(new IdempotencyScope(PLATFORM, operator.keyId(), shortRoute, key));
      case null, default -> Optional.empty();
    };
  }
}
