package io.galerne.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** An answer whose body is read as it comes. Closing it drops what is left. */
public final class OutboundResponse implements AutoCloseable {
  private final HttpUriRequestBase request;
  private final ClassicHttpResponse response;
  private final CallTrace.Call call;

  OutboundResponse(HttpUriRequestBase request, ClassicHttpResponse response, CallTrace.Call call) {
    this.request = request;
    this.response = response;
    this.call = call;
  }

  public int status() {
    return response.getCode();
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
  }

  public InputStream body() throws IOException {
    HttpEntity entity = response.getEntity();
    return entity == null ? InputStream.nullInputStream() : entity.getContent();
  }

  /** Ends the answer from any thread: who reads it gets an exception. */
  public void cancel() {
    request.cancel();
  }

  /** A connection whose answer was not read to its end can't be used again. */
  @Override
  public void close() {
    request.cancel();
    try {
      response.close();
    } catch (IOException e) {
      System.getLogger(OutboundResponse.class.getName())
          .log(System.Logger.Level.DEBUG, "closing an answer", e);
    } finally {
      call.closed();
    }
  }
}
