package io.galerne.console;

import io.galerne.identity.Caller;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A request of the playground on its way to the API: the person as a caller of it. */
final class CallerAuthentication extends AbstractAuthenticationToken {
  private final transient Caller caller;

  CallerAuthentication(Caller caller) {
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
    return "";
  }
}
