package io.galerne.idempotency;

import io.galerne.api.ErrorEnvelope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does a POST with an Idempotency-Key once. What was answered is answered again; while it is being
 * done, a second one is told to wait; another body under the same key is refused.
 *
 * <p>Kept are answers of requests that were carried out: 2xx, and errors of the server, since
 * nobody can tell what those left behind. Not kept are refusals, which changed nothing: 4xx, and
 * 503, which asks to try again.
 */
final class IdempotencyFilter extends OncePerRequestFilter {
  static final String HEADER = "Idempotency-Key";
  static final String REPLAYED = "Idempotent-Replayed";
  private static final Logger log = LoggerFactory.getLogger(IdempotencyFilter.class);
  private static final int KEY_CHARS_MAX = 255;
  private static final int REQUEST_BYTES_MAX = 4 << 20;
  private static final int ANSWER_BYTES_MAX = 4 << 20;

  private final IdempotencyStore store;
  private final JsonMapper json;

  IdempotencyFilter(IdempotencyStore store, JsonMapper json) {
    this.store = store;
    this.json = json;
  }

  /** Bodies that are no JSON, as of uploads, are not compared and pass. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String type = request.getContentType();
    return !request.getMethod().equals(HttpMethod.POST.name())
        || request.getHeader(HEADER) == null
        || (type != null && !type.contains("json"));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String key = request.getHeader(HEADER);
    if (key.isEmpty() || key.length() > KEY_CHARS_MAX || !key.matches("[\\x20-\\x7e]+")) {
      refuse(
          response,
          HttpStatus.BAD_REQUEST,
          "invalid_idempotency_key",
          "Idempotency-Key must have 1 to 255 printable ASCII characters");
      return;
    }
    Optional<IdempotencyScope> scope =
        IdempotencyScope.of(principal(), request.getRequestURI(), key);
    if (scope.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    byte[] body;
    try {
      body = request.getInputStream().readNBytes(REQUEST_BYTES_MAX + 1);
    } catch (IOException e) {
      refuse(
          response,
          HttpStatus.BAD_REQUEST,
          ErrorEnvelope.INVALID_REQUEST,
          "The request body could not be read");
      return;
    }
    if (body.length > REQUEST_BYTES_MAX) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
      refuse(
          response,
          HttpStatus.CONTENT_TOO_LARGE,
          "request_too_large",
          "With an Idempotency-Key a body may have " + REQUEST_BYTES_MAX + " bytes");
      return;
    }
    once(scope.get(), body, new ReadRequest(request, body), response, chain);
  }

  private void once(
      IdempotencyScope scope,
      byte[] body,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    Attempt attempt;
    try {
      attempt = store.begin(scope, text(request, body));
    } catch (DataAccessException | TransactionException e) {
      log.error("no database to look an Idempotency-Key up in", e);
      response.setHeader(HttpHeaders.RETRY_AFTER, "1");
      refuse(
          response,
          HttpStatus.SERVICE_UNAVAILABLE,
          "unavailable",
          "The Idempotency-Key can't be looked up now, try again");
      return;
    }
    switch (attempt) {
      case Attempt.Begun begun -> perform(begun, request, response, chain);
      case Attempt.Done(StoredAnswer answer) -> replay(answer, response);
      case Attempt.InProgress() -> {
        response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        refuse(
            response,
            HttpStatus.CONFLICT,
            "idempotency_in_progress",
            "A request with this Idempotency-Key is still being done");
      }
      case Attempt.OtherRequest() ->
          refuse(
              response,
              HttpStatus.UNPROCESSABLE_CONTENT,
              "idempotency_mismatch",
              "Another request came with this Idempotency-Key");
    }
  }

  private void perform(
      Attempt.Begun attempt,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    HeldResponse held = new HeldResponse(response);
    boolean kept = false;
    try {
      chain.doFilter(request, held);
      kept = isToBeKept(held) && keep(attempt, held);
    } finally {
      if (!kept) {
        abandon(attempt);
      }
    }
    held.copyBodyToResponse();
  }

  private static boolean isToBeKept(HeldResponse held) {
    int status = held.getStatus();
    boolean done = status / 100 == 2 || (status >= 500 && status != 503);
    return held.isWhole() && done && held.getContentSize() <= ANSWER_BYTES_MAX;
  }

  /** An answer that can't be kept goes out all the same: the request was done. */
  private boolean keep(Attempt.Begun attempt, HeldResponse held) {
    StoredAnswer answer =
        new StoredAnswer(
            held.getStatus(),
            orEmpty(held.getContentType()),
            orEmpty(held.getHeader(HttpHeaders.LOCATION)),
            held.getContentAsByteArray());
    try {
      store.finish(attempt, answer);
    } catch (DataAccessException | TransactionException e) {
      log.warn("an answer is not kept for its Idempotency-Key: {}", e.toString());
    }
    return true;
  }

  private void abandon(Attempt.Begun attempt) {
    try {
      store.abandon(attempt);
    } catch (DataAccessException | TransactionException e) {
      log.warn("an Idempotency-Key stays taken for a while: {}", e.toString());
    }
  }

  private static void replay(StoredAnswer answer, HttpServletResponse response) throws IOException {
    response.setStatus(answer.status());
    response.setHeader(REPLAYED, "true");
    if (!answer.contentType().isEmpty()) {
      response.setContentType(answer.contentType());
    }
    if (!answer.location().isEmpty()) {
      response.setHeader(HttpHeaders.LOCATION, answer.location());
    }
    response.setContentLength(answer.body().length);
    response.getOutputStream().write(answer.body());
  }

  private static String text(HttpServletRequest request, byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return request.getRequestURI()
          + "\n"
          + orEmpty(request.getQueryString())
          + "\n"
          + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void refuse(HttpServletResponse response, HttpStatus status, String type, String message)
      throws IOException {
    byte[] answer = json.writeValueAsBytes(new ErrorEnvelope(message, type, HEADER, null));
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(answer.length);
    response.getOutputStream().write(answer);
  }

  private static @Nullable Object principal() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication == null ? null : authentication.getPrincipal();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
