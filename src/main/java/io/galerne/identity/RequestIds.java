package io.galerne.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HexFormat;
import java.util.UUID;

/** The id that names one HTTP request in answers, logs and the ledger. */
public final class RequestIds {
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

  static void give(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, UUID.randomUUID());
  }
}
