package io.galerne.identity;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Where a request may carry its key. */
final class PresentedKey {
  private static final String SCHEME = "Bearer ";
  private static final String API_KEY_HEADER = "x-api-key";

  private PresentedKey() {}

  /** Schemes are case-insensitive: RFC 9110, section 11.1. */
  static @Nullable String bearer(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    return header.substring(SCHEME.length()).strip();
  }

  /** The Admin API's documents say {@code x-api-key}, its specification says bearer. */
  static @Nullable String admin(HttpServletRequest request) {
    String header = request.getHeader(API_KEY_HEADER);
    return header == null ? bearer(request) : header.strip();
  }
}
