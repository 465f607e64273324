package io.galerne.observability;

import io.galerne.identity.RequestIds;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets each line of a structured log say which request it belongs to, by the id clients see. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // right after the request got its id
class LoggedRequestId extends OncePerRequestFilter {
  static final String FIELD = "request.id";

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try (MDC.MDCCloseable _ = MDC.putCloseable(FIELD, RequestIds.of(request))) {
      chain.doFilter(request, response);
    }
  }
}
