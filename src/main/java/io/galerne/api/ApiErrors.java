package io.galerne.api;

import io.galerne.identity.RequestIds;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns what goes wrong in this package's controllers into the contract's bodies. */
@RestControllerAdvice(basePackageClasses = ApiErrors.class)
class ApiErrors {
  private static final Logger log = LoggerFactory.getLogger(ApiErrors.class);

  @ExceptionHandler
  ResponseEntity<Object> refused(ApiException e) {
    return e.response();
  }

  /** Parameters without a name, for one, or with a name that no text has. */
  @ExceptionHandler({InvalidParameterException.class, RequestRejectedException.class})
  ResponseEntity<Object> malformed() {
    return ApiException.badRequest(
            new ErrorEnvelope(
                "The parameters of the request are malformed",
                ErrorEnvelope.INVALID_REQUEST,
                null,
                null))
        .response();
  }

  /** Null when nobody is there to be answered. */
  @ExceptionHandler
  @Nullable ResponseEntity<Object> failed(Exception e, HttpServletRequest request) {
    String requestId = RequestIds.of(request);
    if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
      log.debug("The client of request {} left: {}", requestId, e.toString());
      return null;
    }
    log.error("Request {} failed", requestId, e);
    return new ApiException(HttpStatus.INTERNAL_SERVER_ERROR, ErrorEnvelope.internal(requestId))
        .response();
  }
}
