package io.galerne.adminapi;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;

/** An operation that takes a policy. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
    required = true,
    description = "A policy, as /v1/admin/policies/schema describes it",
    content = {
      @Content(mediaType = "application/yaml", schema = @Schema(type = "string")),
      @Content(mediaType = "application/json", schema = @Schema(type = "object"))
    })
@ApiResponse(
    responseCode = "422",
    description = "The policy or its scope is wrong; problems has the JSON pointer of each value",
    content = @Content(mediaType = "application/problem+json", schema = @Schema(type = "object")))
@interface PolicyBody {

  /** Reads it. */
  final class Reader {
    private static final int BYTES_MAX = 1_000_000;

    private Reader() {}

    /** A policy is not JSON alone; one that is too long is told so by its reader. */
    static String read(HttpServletRequest request) {
      try {
        byte[] bytes = request.getInputStream().readNBytes(BYTES_MAX + 1);
        return new String(bytes, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
