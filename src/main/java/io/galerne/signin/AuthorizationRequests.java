package io.galerne.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps what was asked of another provider until its answer, as text in the session. */
@Component
class AuthorizationRequests implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
  private static final String ATTRIBUTE = "galerne.asked";

  private final JsonMapper json;

  AuthorizationRequests(JsonMapper json) {
    this.json = json;
  }

  record Asked(
      String uri,
      String clientId,
      String redirectUri,
      Set<String> scopes,
      String state,
      Map<String, String> attributes) {}

  @Override
  public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null || !(session.getAttribute(ATTRIBUTE) instanceof String text)) {
      return null;
    }
    Asked asked = json.readValue(text, Asked.class);
    return asked.state().equals(request.getParameter("state"))
        ? OAuth2AuthorizationRequest.authorizationCode()
            .authorizationUri(asked.uri())
            .clientId(asked.clientId())
            .redirectUri(asked.redirectUri())
            .scopes(asked.scopes())
            .state(asked.state())
            .attributes(new HashMap<>(asked.attributes()))
            .build()
        : null;
  }

  @Override
  public void saveAuthorizationRequest(
      @Nullable OAuth2AuthorizationRequest asked,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (asked == null) {
      removeAuthorizationRequest(request, response);
      return;
    }
    Map<String, String> attributes = new HashMap<>();
    asked.getAttributes().forEach((name, value) -> attributes.put(name, String.valueOf(value)));
    request
        .getSession(true)
        .setAttribute(
            ATTRIBUTE,
            json.writeValueAsString(
                new Asked(
                    asked.getAuthorizationUri(),
                    asked.getClientId(),
                    String.valueOf(asked.getRedirectUri()),
                    asked.getScopes(),
                    String.valueOf(asked.getState()),
                    attributes)));
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
      HttpServletRequest request, HttpServletResponse response) {
    OAuth2AuthorizationRequest asked = loadAuthorizationRequest(request);
    HttpSession session = request.getSession(false);
    if (session != null) {
      session.removeAttribute(ATTRIBUTE);
    }
    return asked;
  }
}
