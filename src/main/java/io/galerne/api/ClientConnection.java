package io.galerne.api;

import io.galerne.serving.Attendance;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * The connection that the current thread answers on. While an answer is made nothing is written, so
 * a client that is gone shows in nothing but the end of what it sends: the connection is read
 * without waiting, into the container's own buffer, where the bytes of a request that was sent
 * ahead are found later.
 */
final class ClientConnection {
  private static final String KEPT_ANYWAY = "Idempotency-Key";
  private static final ScopedValue<SocketWrapperBase<?>> CURRENT = ScopedValue.newInstance();

  private ClientConnection() {}

  /** Serves what comes on a connection. */
  static <T> T serve(
      SocketWrapperBase<?> connection, ScopedValue.CallableOp<T, IOException> requests)
      throws IOException {
    return ScopedValue.where(CURRENT, connection).call(requests);
  }

  /**
   * Whether the client of a request waits for its answer: until it closes the connection, or its
   * half of it. The answer to a request with an Idempotency-Key is wanted by whoever asks again.
   */
  static Attendance of(HttpServletRequest request) {
    if (!CURRENT.isBound() || request.getHeader(KEPT_ANYWAY) != null) {
      return Attendance.ASSUMED;
    }
    SocketWrapperBase<?> connection = CURRENT.get();
    return () -> {
      boolean _ = connection.isReadyForRead(); // an EOFException where the client has left
    };
  }
}
