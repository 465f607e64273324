package io.galerne.identity;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads the bearer key of a request. A request without a good key goes on without a caller, and is
 * refused where one is needed.
 */
final class ApiKeyFilter extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(ApiKeyFilter.class);
  private static final String SCHEME = "Bearer ";

  private final ApiKeyService keys;
  private final GatewayResponses responses;

  ApiKeyFilter(ApiKeyService keys, GatewayResponses responses) {
    this.keys = keys;
    this.responses = responses;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String key = bearerKey(request);
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
        case KeyCheck.Valid(Caller caller) -> authenticated(caller);
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

  /** Schemes are case-insensitive: RFC 9110, section 11.1. */
  private static @Nullable String bearerKey(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    return header.substring(SCHEME.length()).strip();
  }
}
