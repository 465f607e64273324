package io.galerne.signin;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A request within a session; its principal is the {@link Person}. */
final class PersonAuthentication extends AbstractAuthenticationToken {
  private final transient Person person;

  PersonAuthentication(Person person) {
    super(List.of());
    this.person = person;
    super.setAuthenticated(true);
  }

  @Override
  public Person getPrincipal() {
    return person;
  }

  @Override
  public String getCredentials() {
    return "";
  }
}
