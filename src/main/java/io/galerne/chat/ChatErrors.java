package io.galerne.chat;

import io.galerne.identity.RefusedException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.util.DisconnectedClientHelper;

/** Tells the page's scripts, in its reader's language, what went wrong. */
@RestControllerAdvice(assignableTypes = {AnswersController.class, ConversationsController.class})
class ChatErrors {
  private static final Logger log = LoggerFactory.getLogger(ChatErrors.class);

  private final ChatWords words;

  ChatErrors(ChatWords words) {
    this.words = words;
  }

  /**
   * @param field of the request that is at fault, if one is
   */
  record Problem(String code, String message, @Nullable String field) {}

  @ExceptionHandler
  ResponseEntity<Problem> refused(ChatRefusedException e, Locale locale) {
    return ResponseEntity.status(e.status())
        .body(new Problem(e.code(), words.problem(locale, e), e.field()));
  }

  /** There is no workspace that the member could use, for one. */
  @ExceptionHandler
  ResponseEntity<Problem> refused(RefusedException e, Locale locale) {
    return answer(HttpStatus.FORBIDDEN, "workspace", locale);
  }

  @ExceptionHandler(MethodArgumentTypeMismatchException.class)
  ResponseEntity<Problem> unknown(Locale locale) {
    return answer(HttpStatus.NOT_FOUND, "unknown", locale);
  }

  @ExceptionHandler({HttpMessageNotReadableException.class, RequestRejectedException.class})
  ResponseEntity<Problem> unreadable(Locale locale) {
    return answer(HttpStatus.BAD_REQUEST, "unreadable", locale);
  }

  @ExceptionHandler({CannotCreateTransactionException.class, TransientDataAccessException.class})
  ResponseEntity<Problem> unavailable(Exception e, Locale locale) {
    log.error("no database for the chat", e);
    return answer(HttpStatus.SERVICE_UNAVAILABLE, "database", locale);
  }

  /** Null when nobody is there to be answered, or somebody has heard the beginning already. */
  @ExceptionHandler
  @Nullable ResponseEntity<Problem> failed(
      Exception e, HttpServletResponse response, Locale locale) {
    if (DisconnectedClientHelper.isClientDisconnectedException(e) || response.isCommitted()) {
      log.warn("a chat request broke off: {}", e.toString());
      return null;
    }
    UUID incident = UUID.randomUUID();
    log.error("a chat request failed, incident {}", incident, e);
    return ResponseEntity.internalServerError()
        .body(
            new Problem(
                "failed", words.text(locale, "chat.problem.failed", incident.toString()), null));
  }

  private ResponseEntity<Problem> answer(HttpStatus status, String code, Locale locale) {
    return ResponseEntity.status(status)
        .body(new Problem(code, words.text(locale, "chat.problem." + code), null));
  }
}
