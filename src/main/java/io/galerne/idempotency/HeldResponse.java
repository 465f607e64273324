package io.galerne.idempotency;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Holds an answer back until it is kept: a client that has it must find it again. Streams of events
 * are not held back, and not kept.
 */
final class HeldResponse extends ContentCachingResponseWrapper {
  private boolean streamed;
  private boolean failed;

  HeldResponse(HttpServletResponse response) {
    super(response);
  }

  /** Whether it can be kept: it is whole, and was not left to the container. */
  boolean isWhole() {
    return !streamed && !failed;
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    String type = getContentType();
    if (streamed || (type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE))) {
      streamed = true;
      return getResponse().getOutputStream();
    }
    return super.getOutputStream();
  }

  @Override
  public void flushBuffer() throws IOException {
    if (streamed) {
      getResponse().flushBuffer();
    }
  }

  @Override
  public void sendError(int status) throws IOException {
    failed = true;
    super.sendError(status);
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    failed = true;
    super.sendError(status, message);
  }
}
