package io.galerne.signin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.stereotype.Component;

/**
 * Providers of OpenID Connect that people may sign in with, as {@code
 * spring.security.oauth2.client} names them.
 */
@Component
class OtherProviders {
  static final String BEGIN = "/sign-in/with";
  static final String RETURN = "/sign-in/from";

  private final @Nullable ClientRegistrationRepository registrations;

  OtherProviders(ObjectProvider<ClientRegistrationRepository> registrations) {
    this.registrations = registrations.getIfAvailable();
  }

  record Provider(String name, String path) {}

  boolean areThere() {
    return registrations != null;
  }

  List<Provider> all() {
    List<Provider> providers = new ArrayList<>();
    if (registrations instanceof Iterable<?> each) {
      for (Object registration : each) {
        if (registration instanceof ClientRegistration client) {
          providers.add(
              new Provider(client.getClientName(), BEGIN + "/" + client.getRegistrationId()));
        }
      }
    }
    return providers;
  }
}
