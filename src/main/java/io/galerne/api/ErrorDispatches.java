package io.galerne.api;

import io.galerne.identity.RequestIds;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Errors under {@code /v1} that no controller has seen, such as a path the firewall refuses: the
 * container would answer them with the framework's own error page.
 */
@Configuration(proxyBeanMethods = false)
class ErrorDispatches {
  @Bean
  FilterRegistrationBean<OncePerRequestFilter> apiErrorDispatches(JsonMapper mapper) {
    FilterRegistrationBean<OncePerRequestFilter> registration =
        new FilterRegistrationBean<>(new EnvelopeFilter(mapper));
    registration.setDispatcherTypes(DispatcherType.ERROR);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  private static final class EnvelopeFilter extends OncePerRequestFilter {
    private final JsonMapper mapper;

    EnvelopeFilter(JsonMapper mapper) {
      this.mapper = mapper;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
      return false;
    }

    @Override
    protected void doFilterInternal(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      if (!ApiPaths.contains(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI))) {
        chain.doFilter(request, response);
        return;
      }
      HttpStatus status = HttpStatus.resolve(response.getStatus());
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response
          .getOutputStream()
          .write(
              mapper.writeValueAsBytes(
                  envelope(status, RequestIds.ofAnnounced(request, response))));
    }

    private static ErrorEnvelope envelope(@Nullable HttpStatus status, String requestId) {
      return status != null && status.is4xxClientError()
          ? new ErrorEnvelope(status.getReasonPhrase(), ErrorEnvelope.INVALID_REQUEST)
          : ErrorEnvelope.internal(requestId);
    }
  }
}
