package io.galerne.api;

import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;

/**
 * Notes when the request of a connection was answered. What the client still sends of its body then
 * is read and dropped by the container, so that the answer isn't lost with the connection.
 */
final class AnswerTimer implements Adapter {
  private static final long NEVER = 0;

  private final Adapter adapter;
  private volatile long answeredNanos = NEVER;

  AnswerTimer(Adapter adapter) {
    this.adapter = adapter;
  }

  /** Whether a request was answered so long ago, and none came after it. */
  boolean isPast(long now, long nanos) {
    long answered = answeredNanos;
    return answered != NEVER && now - answered > nanos;
  }

  @Override
  public void service(Request request, Response response) throws Exception {
    answeredNanos = NEVER;
    adapter.service(request, response);
    answeredNanos = System.nanoTime() | 1;
  }

  void forget() {
    answeredNanos = NEVER;
  }

  @Override
  public boolean prepare(Request request, Response response) throws Exception {
    return adapter.prepare(request, response);
  }

  @Override
  public boolean asyncDispatch(Request request, Response response, SocketEvent status)
      throws Exception {
    return adapter.asyncDispatch(request, response, status);
  }

  @Override
  public void log(Request request, Response response, long time) {
    adapter.log(request, response, time);
  }

  @Override
  public void checkRecycled(Request request, Response response) {
    adapter.checkRecycled(request, response);
  }

  @Override
  public String getDomain() {
    return adapter.getDomain();
  }
}
