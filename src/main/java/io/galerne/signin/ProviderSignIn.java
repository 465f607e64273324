package io.galerne.signin;

import io.galerne.identity.People;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;

/**
 * Signs people in as who another provider says they are: the member whose address the provider has
 * verified. Whoever is no member is not let in, and the provider's tokens are not kept.
 */
@Component
class ProviderSignIn {
  private static final Logger log = LoggerFactory.getLogger(ProviderSignIn.class);

  private final OtherProviders providers;
  private final AuthorizationRequests requests;
  private final People people;
  private final Credentials credentials;
  private final Sessions sessions;

  ProviderSignIn(
      OtherProviders providers,
      AuthorizationRequests requests,
      People people,
      Credentials credentials,
      Sessions sessions) {
    this.providers = providers;
    this.requests = requests;
    this.people = people;
    this.credentials = credentials;
    this.sessions = sessions;
  }

  void configure(HttpSecurity http) throws Exception {
    if (providers.areThere()) {
      http.oauth2Login(
          login ->
              login
                  .loginPage("/sign-in")
                  .authorizationEndpoint(
                      begin ->
                          begin
                              .baseUri(OtherProviders.BEGIN)
                              .authorizationRequestRepository(requests))
                  .redirectionEndpoint(back -> back.baseUri(OtherProviders.RETURN + "/*"))
                  .authorizedClientRepository(new NoTokens())
                  .successHandler(this::proven)
                  .failureHandler(ProviderSignIn::failed));
    }
  }

  private void proven(
      HttpServletRequest request, HttpServletResponse response, Authentication proof)
      throws IOException {
    List<SignInOutcome.Proven> proven =
        proof.getPrincipal() instanceof OidcUser user ? members(user, request) : List.of();
    SecurityContextHolder.clearContext();
    switch (proven.size()) {
      case 0 -> response.sendRedirect("/sign-in?problem=stranger");
      case 1 -> {
        SignInOutcome.Proven member = proven.getFirst();
        sessions.begin(member.person(), member.version(), request, response);
        response.sendRedirect("/");
      }
      default -> {
        sessions.choosing(proven, request, response);
        response.sendRedirect(OrganizationChoiceController.PATH);
      }
    }
  }

  private List<SignInOutcome.Proven> members(OidcUser user, HttpServletRequest request) {
    return verifiedAddress(user).stream()
        .flatMap(email -> people.withEmail(email).stream())
        .filter(found -> people.profile(found, request).isPresent())
        .map(found -> new SignInOutcome.Proven(found, credentials.version(found)))
        .toList();
  }

  private static Optional<String> verifiedAddress(OidcUser user) {
    return Boolean.TRUE.equals(user.getEmailVerified()) && user.getEmail() != null
        ? Optional.of(user.getEmail().toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  private static void failed(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException reason)
      throws IOException {
    log.warn("a sign-in with another provider failed: {}", reason.getMessage());
    response.sendRedirect("/sign-in?problem=provider");
  }

  private static final class NoTokens implements OAuth2AuthorizedClientRepository {
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // the interface's own signature
    public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
        String registration, Authentication principal, HttpServletRequest request) {
      return null;
    }

    @Override
    public void saveAuthorizedClient(
        OAuth2AuthorizedClient client,
        Authentication principal,
        HttpServletRequest request,
        HttpServletResponse response) {}

    @Override
    public void removeAuthorizedClient(
        String registration,
        Authentication principal,
        HttpServletRequest request,
        HttpServletResponse response) {}
  }
}
