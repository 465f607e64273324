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

/** Reads the admin key of a request; keys of {@code /v1} are none. */
final class AdminKeyFilter extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(AdminKeyFilter.class);

  private final AdminKeyCheck keys;
  private final ClientAddress addresses;
  private final GatewayResponses responses;

  AdminKeyFilter(AdminKeyCheck keys, ClientAddress addresses, GatewayResponses responses) {
    this.keys = keys;
    this.addresses = addresses;
    this.responses = responses;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String key = PresentedKey.admin(request);
    if (key != null) {
      AdminCheck check;
      try {
        check = keys.check(key, RequestIds.uuid(request), addresses.of(request));
      } catch (DataAccessException | TransactionException e) {
        log.error("no database to check an admin key with", e);
        responses.unavailable(request, response);
        return;
      }
      switch (check) {
        case AdminCheck.Valid(AdminCaller caller) -> authenticated(caller);
        case AdminCheck.Suspended _ -> {
          responses.suspended(response);
          return;
        }
        case AdminCheck.Refused _ -> {} // the chain refuses it like a request without a key
      }
    }
    chain.doFilter(request, response);
  }

  private static void authenticated(AdminCaller caller) {
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(new AdminAuthentication(caller));
    SecurityContextHolder.setContext(context);
  }
}
