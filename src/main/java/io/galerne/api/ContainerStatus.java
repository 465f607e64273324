package io.galerne.api;

import jakarta.servlet.RequestDispatcher;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.res.StringManager;
import org.springframework.http.HttpStatus;

/** The status of what the container refuses; it calls too much of anything a bad request. */
final class ContainerStatus {
  private static final String TOO_LARGE =
      StringManager.getManager(Http11Processor.class).getString("iib.requestheadertoolarge.error");

  /** Up to the number. */
  private static final String TOO_MANY =
      StringManager.getManager(MimeHeaders.class)
          .getString("headers.maxCountFail", "#")
          .split("#", 2)[0];

  private ContainerStatus() {}

  static int of(Request request, int status) {
    if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Exception failure) {
      String message = String.valueOf(failure.getMessage());
      if (message.startsWith(TOO_MANY)) {
        return HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.value();
      }
      if (message.equals(TOO_LARGE)) {
        boolean isInFirstLine = request.requestURI().isNull() || request.protocol().isNull();
        HttpStatus exact =
            isInFirstLine ? HttpStatus.URI_TOO_LONG : HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
        return exact.value();
      }
    }
    return status;
  }
}
