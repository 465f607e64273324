package io.galerne.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HexFormat;
import java.util.UUID;

/** The id that names one HTTP request in answers, logs and the ledger. */
public final class RequestIds {
  private static final String HEADER = "x-request-id";
  private static final String CORRELATION_HEADER = "mistral-correlation-id";
  private static final String ATTRIBUTE = RequestIds.class.getName();

  private RequestIds() {}

  /**
   * The request's id.
   *
   * @throws IllegalStateException if the request did not come through the filter that gives ids
   */
  public static UUID uuid(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof UUID id) {
      return id;
    }
    throw new IllegalStateException("the request has no id");
  }

  /** The request's id as clients see it: 32 hexadecimal digits. */
  public static String of(HttpServletRequest request) {
    return of(uuid(request));
  }

  /** An id as clients see it: 32 hexadecimal digits. */
  public static String of(UUID id) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(id.getMostSignificantBits())
        + hex.toHexDigits(id.getLeastSignificantBits());
  }

  /** Names an answer whose request never got as far as the filter. */
  public static void announceNew(HttpServletResponse response) {
    if (response.getHeader(HEADER) == null) {
      announce(UUID.randomUUID(), response);
    }
  }

  /** The request's id, a new one where it never got as far as the filter; the answer names it. */
  public static String ofAnnounced(HttpServletRequest request, HttpServletResponse response) {
    if (!(request.getAttribute(ATTRIBUTE) instanceof UUID)) {
      give(request);
    }
    announce(uuid(request), response);
    return of(request);
  }

  static void announce(UUID id, HttpServletResponse response) {
    response.setHeader(HEADER, of(id));
    response.setHeader(CORRELATION_HEADER, of(id));
  }

  static void give(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, UUID.randomUUID());
  }
}
