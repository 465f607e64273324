package io.galerne.identity;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads the bearer key of a request. A request without a good key goes on without a caller, and is
 * refused where one is needed; a good key outside its scope is told so.
 */
final class ApiKeyFilter extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(ApiKeyFilter.class);

  private final ApiKeyService keys;
  private final ClientAddress addresses;
  private final GatewayResponses responses;

  ApiKeyFilter(ApiKeyService keys, ClientAddress addresses, GatewayResponses responses) {
    this.keys = keys;
    this.addresses = addresses;
    this.responses = responses;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String key = PresentedKey.bearer(request);
    if (key != null) {
      KeyCheck check;
      try {
        check = keys.authenticate(key);
      } catch (DataAccessException | TransactionException e) {
        log.error("no database to check an API key with", e);
        responses.unavailable(request, response);
        return;
      }
      switch (check) {
        case KeyCheck.Valid(Caller caller) -> {
          if (!caller.scope().allowsAddress(addresses.of(request))) {
            responses.addressNotAllowed(response);
            return;
          }
          if (!caller.scope().allowsPath(request.getRequestURI())) {
            responses.endpointNotAllowed(response);
            return;
          }
          authenticated(caller);
        }
        case KeyCheck.Suspended _ -> {
          responses.suspended(response);
          return;
        }
        case KeyCheck.Malformed _,
            KeyCheck.Unknown _,
            KeyCheck.Expired _,
            KeyCheck.Revoked _ -> {} // the chain refuses it like a request without a key
      }
    }
    chain.doFilter(request, response);
  }

  private static void authenticated(Caller caller) {
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(new ApiKeyAuthentication(caller));
    SecurityContextHolder.setContext(context);
  }
}
