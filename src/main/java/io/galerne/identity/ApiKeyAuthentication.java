package io.galerne.identity;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A request that a valid API key came with; its principal is the {@link Caller}. */
final class ApiKeyAuthentication extends AbstractAuthenticationToken {
  private final transient Caller caller;

  ApiKeyAuthentication(Caller caller) {
    super(List.of());
    this.caller = caller;
    super.setAuthenticated(true);
  }

  @Override
  public Caller getPrincipal() {
    return caller;
  }

  @Override
  public String getCredentials() {
    return ""; // the key itself is not kept
  }
}
