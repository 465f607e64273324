package io.galerne.identity;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A request that a valid admin key came with; its principal is the {@link AdminCaller}. */
final class AdminAuthentication extends AbstractAuthenticationToken {
  private final transient AdminCaller caller;

  AdminAuthentication(AdminCaller caller) {
    super(List.of());
    this.caller = caller;
    super.setAuthenticated(true);
  }

  @Override
  public AdminCaller getPrincipal() {
    return caller;
  }

  @Override
  public String getCredentials() {
    return ""; // the key itself is not kept
  }
}
