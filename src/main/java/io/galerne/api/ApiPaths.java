package io.galerne.api;

import org.jspecify.annotations.Nullable;

/** Which paths are the API's. */
final class ApiPaths {
  private static final String ROOT = "/v1";

  private ApiPaths() {}

  static boolean contains(@Nullable Object path) {
    return path instanceof String uri && (uri.equals(ROOT) || uri.startsWith(ROOT + "/"));
  }
}
