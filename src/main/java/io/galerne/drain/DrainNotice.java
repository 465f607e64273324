package io.galerne.drain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The first phase of the end. Readiness is off when it begins; requests are served as before, and
 * each answer tells its client that the connection ends with it, so that the next request of a
 * connection that is kept open goes elsewhere. The server stops to take connections a phase later.
 */
final class DrainNotice implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(DrainNotice.class);

  private final Duration notice;
  private final ReadinessFollowers followers;
  private final List<Connector> connectors = new CopyOnWriteArrayList<>();
  private volatile boolean running;

  DrainNotice(Duration notice, ReadinessFollowers followers) {
    this.notice = notice;
    this.followers = followers;
  }

  void covers(Connector connector) {
    connectors.add(connector);
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    announce();
  }

  @Override
  public void stop(Runnable callback) {
    stop();
    if (!followers.exist()) {
      callback.run();
      return;
    }
    log.info("No longer ready; serves on for {} s, so that others learn of it", notice.toSeconds());
    CompletableFuture.delayedExecutor(notice.toMillis(), TimeUnit.MILLISECONDS).execute(callback);
  }

  private void announce() {
    for (Connector connector : connectors) {
      if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
        protocol.setMaxKeepAliveRequests(1);
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
