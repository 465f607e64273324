package io.galerne.adminapi;

import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.galerne.identity.RefusedException;
import io.galerne.identity.RequestIds;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns what goes wrong in the Admin API into the bodies that {@code /v1} has for it. */
@RestControllerAdvice(basePackageClasses = AdminErrors.class)
class AdminErrors {
  private static final Logger log = LoggerFactory.getLogger(AdminErrors.class);
  private static final int RETRY_AFTER_SECONDS = 1;

  @ExceptionHandler
  ResponseEntity<Object> refused(ApiException e) {
    return e.response();
  }

  @ExceptionHandler
  ResponseEntity<Object> refused(RefusedException e) {
    return switch (e.kind()) {
      case UNKNOWN -> answer(HttpStatus.NOT_FOUND, e, "not_found");
      case INVALID -> answer(HttpStatus.UNPROCESSABLE_CONTENT, e, ErrorEnvelope.INVALID_REQUEST);
      case CONFLICT -> answer(HttpStatus.CONFLICT, e, "conflict");
      case BEYOND_CALLER -> answer(HttpStatus.FORBIDDEN, e, "permission_denied");
    };
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

  @ExceptionHandler({CannotCreateTransactionException.class, TransientDataAccessException.class})
  ResponseEntity<Object> unavailable(Exception e, HttpServletRequest request) {
    log.error("no database for request {}", RequestIds.of(request), e);
    return ApiException.unavailable(
            new ErrorEnvelope("The database is out of reach, try again", "unavailable"),
            RETRY_AFTER_SECONDS)
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

  private static ResponseEntity<Object> answer(HttpStatus status, RefusedException e, String type) {
    return new ApiException(status, new ErrorEnvelope(e.reason(), type, e.field(), null))
        .response();
  }
}
