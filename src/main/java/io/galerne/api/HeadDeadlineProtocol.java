package io.galerne.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 with a bound on the time that a request's line and headers may take, and as much for
 * what comes of a body after its request was answered. The container's own bound is on the silence
 * between two bytes, so that a client who sends a byte now and then holds its connection for ever
 * (slowloris). It also lets a request see its {@link ClientConnection}. The container makes it by
 * its name.
 */
public final class HeadDeadlineProtocol extends Http11NioProtocol {
  private volatile Duration headTimeMax = Duration.ofSeconds(20);
  private final Map<SocketWrapperBase<?>, AnswerTimer> served = new ConcurrentHashMap<>();
  private @Nullable ScheduledFuture<?> sweeps;

  @Override
  protected Processor createProcessor() {
    AnswerTimer timer = new AnswerTimer(getAdapter());
    return new Http11Processor(this, timer) {
      @Override
      public SocketState service(SocketWrapperBase<?> connection) throws IOException {
        served.put(connection, timer);
        try {
          return ClientConnection.serve(connection, () -> super.service(connection));
        } finally {
          served.remove(connection);
          timer.forget();
        }
      }
    };
  }

  void setHeadTimeMax(Duration max) {
    headTimeMax = max;
  }

  @Override
  public void start() throws Exception {
    super.start();
    long periodMillis = Math.clamp(headTimeMax.toMillis() / 4, 10, 1_000);
    sweeps =
        getUtilityExecutor()
            .scheduleWithFixedDelay(
                this::closeOverdue, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() throws Exception {
    if (sweeps != null) {
      sweeps.cancel(false);
    }
    super.stop();
  }

  /** What would be asked on an idle connection from now on would be refused: it ends instead. */
  @Override
  public void pause() throws Exception {
    super.pause();
    for (SocketWrapperBase<?> connection : getEndpoint().getConnections()) {
      if (connection.getCurrentProcessor() == null && !served.containsKey(connection)) {
        connection.close();
      }
    }
  }

  private void closeOverdue() {
    long now = System.nanoTime();
    for (SocketWrapperBase<?> connection : getEndpoint().getConnections()) {
      if (connection.getCurrentProcessor() instanceof Processor processor
          && !processor.isAsync()
          && !processor.isUpgrade()
          && isOverdue(processor.getRequest(), now)) {
        connection.close();
      }
    }
    served.forEach(
        (connection, timer) -> {
          if (timer.isPast(now, headTimeMax.toNanos())) {
            connection.close();
          }
        });
  }

  /** A processor that waits with its connection has a request that isn't whole yet. */
  private boolean isOverdue(Request request, long now) {
    long began = request.getStartTimeNanos();
    return began >= 0 && now - began > headTimeMax.toNanos();
  }
}
