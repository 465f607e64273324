package io.galerne.api;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON request bodies within bounds on size and depth, however they are transferred. */
@Component
public class RequestBodies {
  private static final Pattern QUOTED =
      Pattern.compile("(?<=Unrecognized token )'[^']*'|'[^']{7,}'");

  private static final int DEPTH_MAX = 100;

  private final int bytesMax;
  private final Duration timeMax;
  private final JsonMapper mapper;
  private final BodyBudget budget;

  RequestBodies(ApiProperties properties) {
    bytesMax = Math.toIntExact(properties.bodyMax().toBytes());
    timeMax = properties.bodyTimeMax();
    budget = new BodyBudget(Runtime.getRuntime().maxMemory(), bytesMax);
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(bytesMax)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    mapper =
        JsonMapper.builder(factory)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // bounds of a schema go to the grammar as they were written
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
  }

  /**
   * The body as a tree.
   *
   * @throws ApiException if it is too large, not declared as JSON, or not JSON
   */
  public JsonNode read(HttpServletRequest request) {
    return read(request, bytesMax);
  }

  /** As {@link #read(HttpServletRequest)}, with a bound of its own on the size. */
  JsonNode read(HttpServletRequest request, int ownBytesMax) {
    requireJson(request.getContentType());
    requirePlain(request.getHeader(HttpHeaders.CONTENT_ENCODING));
    try (BodyBudget.Share share = budget.share()) {
      return parse(bytes(request, ownBytesMax, share));
    }
  }

  /**
   * A body that is here already.
   *
   * @throws ApiException if it is not JSON
   */
  JsonNode parse(byte[] body) {
    if (body.length == 0) {
      throw ApiException.malformed(0, "the body is empty");
    }
    try {
      JsonNode tree = mapper.readTree(body);
      if (tree.isMissingNode()) {
        throw ApiException.malformed(0, "the body is blank");
      }
      if (!LoneSurrogates.areAbsent(tree)) {
        throw ApiException.malformed(0, "a text has half of a surrogate pair");
      }
      return tree;
    } catch (JacksonException e) {
      throw ApiException.malformed(
          Math.max(0, e.getLocation() == null ? 0 : e.getLocation().getByteOffset()),
          withoutText(e.getOriginalMessage()));
    } catch (NumberFormatException e) {
      throw ApiException.malformed(0, "a number's exponent has more digits than can be read");
    }
  }

  /** The parser quotes what it stumbled over, which may be a secret; the place says enough. */
  private static String withoutText(String message) {
    return QUOTED.matcher(message).replaceAll("...");
  }

  private byte[] bytes(HttpServletRequest request, int max, BodyBudget.Share share) {
    if (request.getContentLengthLong() > max) {
      throw tooLarge(max);
    }
    try {
      return readInTime(request.getInputStream(), max, share);
    } catch (SocketTimeoutException e) {
      throw tooSlow();
    } catch (IOException e) {
      // a broken chunk, or a client that went away: theirs, not an internal error
      throw ApiException.badRequest(
          new ErrorEnvelope("The request body could not be read", ErrorEnvelope.INVALID_REQUEST));
    }
  }

  /** The connection's own time limit starts anew with each byte; this one doesn't. */
  private byte[] readInTime(InputStream in, int max, BodyBudget.Share share) throws IOException {
    long deadlineNanos = System.nanoTime() + timeMax.toNanos();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      body.write(buffer, 0, read);
      if (body.size() > max) {
        throw tooLarge(max);
      }
      share.grow(body.size());
      if (System.nanoTime() - deadlineNanos > 0) {
        throw tooSlow();
      }
    }
    return body.toByteArray();
  }

  private static ApiException tooLarge(int max) {
    return closing(
        HttpStatus.CONTENT_TOO_LARGE,
        new ErrorEnvelope(
            "The request body is larger than " + max + " bytes", "request_too_large"));
  }

  private ApiException tooSlow() {
    return closing(
        HttpStatus.REQUEST_TIMEOUT,
        new ErrorEnvelope(
            "The request body took longer than %d s".formatted(timeMax.toSeconds()),
            "request_timeout"));
  }

  /** The rest of the body is not read: the connection can't be used again. */
  private static ApiException closing(HttpStatus status, ErrorEnvelope envelope) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.CONNECTION, "close");
    return new ApiException(status, envelope, headers);
  }

  /** A compressed body is refused: its size is known only when it is too late. */
  private static void requirePlain(@Nullable String encoding) {
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      HttpHeaders headers = new HttpHeaders();
      headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
      throw new ApiException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          new ErrorEnvelope(
              "Content-Encoding " + EchoedInput.text(encoding) + " is not taken",
              "unsupported_media_type"),
          headers);
    }
  }

  private static void requireJson(@Nullable String contentType) {
    if (contentType == null) {
      return;
    }
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!type.equals("application/json") && !type.endsWith("+json")) {
      throw new ApiException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          new ErrorEnvelope(
              "Content-Type must be application/json, not " + EchoedInput.text(type),
              "unsupported_media_type"));
    }
  }
}
