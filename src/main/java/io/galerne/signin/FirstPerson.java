package io.galerne.signin;

import io.galerne.audit.Actor;
import io.galerne.identity.People;
import io.galerne.identity.People.Reference;
import io.galerne.identity.SignInLinks;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lets the first person of a new installation in: nobody is there who could invite them. */
@Component
public class FirstPerson {
  private static final int PASSWORD_BYTES = 15; // 120 bits, 20 characters

  private final People people;
  private final Credentials credentials;
  private final SignInLinks links;
  private final Operators operators;

  FirstPerson(People people, Credentials credentials, SignInLinks links, Operators operators) {
    this.people = people;
    this.credentials = credentials;
    this.links = links;
    this.operators = operators;
  }

  /**
   * Gives the member a password if they have none yet and makes them an operator of the platform
   * then; makes a link that signs them in once.
   *
   * @param keep takes the new password
   * @return the link's token; null if the tenant has no such member any more
   */
  public @Nullable String welcome(UUID tenantId, String email, Consumer<String> keep) {
    Reference person =
        people.withEmail(email).stream()
            .filter(found -> found.tenantId().equals(tenantId))
            .findFirst()
            .orElse(null);
    if (person == null) {
      return null;
    }
    if (credentials.of(person).passwordHash() == null) {
      byte[] bytes = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(bytes);
      String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      credentials.setPassword(person, password, Actor.system());
      keep.accept(password);
      operators.appoint(person, Actor.system());
    }
    return links.issue(person);
  }
}
