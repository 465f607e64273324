package io.galerne.moderation;

import io.galerne.identity.AdminCaller;
import io.galerne.identity.Caller;
import io.galerne.identity.Permission;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Members of a tenant who may see or change its policies. */
final class Admins {
  private Admins() {}

  /**
   * The member as a caller of the tenant, whose key stands for the member's.
   *
   * @throws ResponseStatusException 403 if the permission is lacking
   */
  static Caller require(AdminCaller admin, Permission permission) {
    if (admin instanceof AdminCaller.TenantAdmin member && member.may(permission)) {
      return new Caller(member.tenantId(), member.memberId(), member.keyId());
    }
    throw new ResponseStatusException(
        HttpStatus.FORBIDDEN, "It takes the permission " + permission.label());
  }
}
