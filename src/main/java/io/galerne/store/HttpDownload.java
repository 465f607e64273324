package io.galerne.store;

import io.galerne.store.Incoming.Origin;
import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Downloads a file into a part, and goes on where an earlier download of the same content ended:
 * {@code Range} with {@code If-Range} (RFC 9110, 13.1.5 and 14.2). A server that can't resume, or
 * whose content has changed, sends everything, and the part starts again.
 */
final class HttpDownload {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+|\\*)");
  private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/(\\d+)");
  private static final int BUFFER_BYTES = 1 << 18;

  private final URI address;
  private final Incoming incoming;
  private final TransferLimits limits;
  private final TransferListener listener;

  HttpDownload(URI address, Incoming incoming, TransferLimits limits, TransferListener listener) {
    this.address = address;
    this.incoming = incoming;
    this.limits = limits;
    this.listener = listener;
  }

  /** Returns when the part is as long as the server said. */
  void into(FileChannel part) throws IOException {
    try (Redirects web = new Redirects(limits)) {
      Optional<String> validator = resumable(part);
      if (validator.isEmpty()) {
        part.truncate(0);
      }
      long have = part.size();
      HttpResponse<InputStream> response =
          web.send(
              address,
              request ->
                  validator
                      .map(
                          tag ->
                              request
                                  .header("Range", "bytes=" + have + "-")
                                  .header("If-Range", tag))
                      .orElse(request));
      try {
        take(response, part, have);
      } finally {
        Redirects.close(response);
      }
    }
  }

  /** The validator to resume by; empty if the part is of no use. */
  private Optional<String> resumable(FileChannel part) throws IOException {
    if (part.size() == 0) {
      return Optional.empty();
    }
    Optional<Origin> origin = incoming.origin();
    if (origin.isEmpty() || !origin.orElseThrow().url().equals(address.toString())) {
      listener.note("What had arrived came from elsewhere: starting again.");
      return Optional.empty();
    }
    Optional<String> validator = origin.map(Origin::validator);
    if (validator.isEmpty()) {
      listener.note("The server gave nothing to resume by (no ETag): starting again.");
    }
    return validator;
  }

  private void take(HttpResponse<InputStream> response, FileChannel part, long have)
      throws IOException {
    refuseEncoded(response);
    switch (response.statusCode()) {
      case 200 -> {
        if (have > 0) {
          listener.note("The server did not resume, or its file has changed: starting again.");
          part.truncate(0);
        }
        receive(response, part, 0, contentLength(response));
      }
      case 206 -> receive(response, part, have, totalOfRange(response, have));
      case 416 -> requireComplete(response, part, have);
      default ->
          throw new StoreException(
              Problem.BAD_ANSWER,
              Redirects.shown(address) + " answered with status " + response.statusCode());
    }
  }

  private static void refuseEncoded(HttpResponse<InputStream> response) {
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw new StoreException(
          Problem.BAD_ANSWER, "the answer is encoded (" + encoding + "), which was not asked for");
    }
  }

  private static long contentLength(HttpResponse<InputStream> response) {
    return response.headers().firstValueAsLong("Content-Length").orElse(-1);
  }

  private long totalOfRange(HttpResponse<InputStream> response, long have) throws IOException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    long expected = incoming.origin().map(Origin::bytes).orElse(-1L);
    if (have == 0
        || !matcher.matches()
        || number(matcher.group(1)) != have
        || (expected >= 0 && !matcher.group(3).equals(Long.toString(expected)))) {
      incoming.forgetOrigin();
      throw new StoreException(
          Problem.BAD_ANSWER,
          "asked for the bytes from " + have + ", got '" + range + "'; add again to start anew");
    }
    return matcher.group(3).equals("*") ? -1 : number(matcher.group(3));
  }

  /** There is nothing after the part: it may be all there is. */
  private void requireComplete(HttpResponse<InputStream> response, FileChannel part, long have)
      throws IOException {
    Matcher matcher =
        UNSATISFIED.matcher(response.headers().firstValue("Content-Range").orElse(""));
    if (have == 0 || !matcher.matches() || number(matcher.group(1)) != part.size()) {
      incoming.forgetOrigin();
      throw new StoreException(
          Problem.BAD_ANSWER, "the server has no bytes from " + have + "; add again to start anew");
    }
  }

  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void receive(HttpResponse<InputStream> response, FileChannel part, long from, long total)
      throws IOException {
    requireRoom(part, from, total);
    incoming.remember(new Origin(address.toString(), validator(response), total));
    part.position(from);
    listener.begin("Downloading", from, total);
    InputStream body = response.body();
    try (StallGuard guard = StallGuard.start(body, limits.window(), limits.windowBytesMin())) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = read(body, buffer, part, total, guard);
          read >= 0;
          read = read(body, buffer, part, total, guard)) {
        guard.received(read);
        write(part, buffer, read);
        listener.advance(read);
      }
    } finally {
      listener.end();
    }
    if (total >= 0 && part.size() != total) {
      throw interrupted(part, total, null);
    }
  }

  private int read(InputStream body, byte[] buffer, FileChannel part, long total, StallGuard guard)
      throws IOException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      if (guard.stalled()) {
        throw new StoreException(
            Problem.STALLED,
            "fewer than %s came in %d s, %s; add again to go on"
                .formatted(
                    ByteCount.of(limits.windowBytesMin()),
                    limits.window().toSeconds(),
                    arrived(part, total)),
            e);
      }
      throw interrupted(part, total, e);
    }
  }

  private void write(FileChannel part, byte[] buffer, int length) throws IOException {
    if (part.position() + length > limits.bytesMax()) {
      incoming.delete();
      throw tooLarge("more than " + ByteCount.of(limits.bytesMax()) + " came");
    }
    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
    while (bytes.hasRemaining()) {
      part.write(bytes);
    }
  }

  private void requireRoom(FileChannel part, long from, long total) throws IOException {
    if (total > limits.bytesMax()) {
      incoming.delete();
      throw tooLarge("the file has " + ByteCount.of(total));
    }
    if (total >= 0) {
      Room.require(incoming.part(), total - from, limits.bytesReserve());
    }
    part.truncate(from);
  }

  private StoreException tooLarge(String fact) {
    return new StoreException(
        Problem.TOO_LARGE,
        fact + ", the limit is " + ByteCount.of(limits.bytesMax()) + " (--max-size)");
  }

  private static StoreException interrupted(
      FileChannel part, long total, @Nullable IOException cause) throws IOException {
    String message = "the connection ended early, " + arrived(part, total) + "; add again to go on";
    return cause == null
        ? new StoreException(Problem.INTERRUPTED, message)
        : new StoreException(Problem.INTERRUPTED, message, cause);
  }

  private static String arrived(FileChannel part, long total) throws IOException {
    return "%d of %s bytes have arrived".formatted(part.size(), total < 0 ? "?" : total);
  }

  /** A strong entity tag, or else the date of the last change. */
  private static @Nullable String validator(HttpResponse<InputStream> response) {
    Optional<String> tag = response.headers().firstValue("ETag");
    return tag.filter(text -> !text.startsWith("W/"))
        .or(
            () ->
                tag.isPresent() ? Optional.empty() : response.headers().firstValue("Last-Modified"))
        .orElse(null);
  }
}
