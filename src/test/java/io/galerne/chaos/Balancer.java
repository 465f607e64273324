package io.galerne.chaos;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Round robin over those replicas that said they were ready when they were asked last. */
final class Balancer implements AutoCloseable {
  private static final long EVERY_NANOS = 200_000_000;

  private final List<ReplicaProcess> replicas;
  private final AtomicInteger turn = new AtomicInteger();
  private final Thread asking;
  private volatile List<ReplicaProcess> ready;
  private volatile @Nullable ReplicaProcess withdrawn;

  Balancer(List<ReplicaProcess> replicas) {
    this.replicas = replicas;
    this.ready = replicas;
    asking = Thread.ofVirtual().start(this::ask);
  }

  private void ask() {
    while (!Thread.currentThread().isInterrupted()) {
      List<ReplicaProcess> now = replicas.stream().filter(ReplicaProcess::isReady).toList();
      ReplicaProcess out = withdrawn;
      if (out != null && !now.contains(out)) {
        withdrawn = null;
      }
      ready = now.stream().filter(each -> each != withdrawn).toList();
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  /** Sends no more to it, whatever it says, until it was not ready once. */
  void withdraw(ReplicaProcess replica) {
    withdrawn = replica;
    ready = ready.stream().filter(each -> each != replica).toList();
  }

  /** Whether a connection to the port may be used again. */
  boolean sendsTo(int port) {
    return ready.stream().anyMatch(each -> each.port() == port);
  }

  boolean sendsTo(ReplicaProcess replica) {
    return ready.contains(replica);
  }

  int port() {
    List<ReplicaProcess> now = ready;
    return now.get(Math.floorMod(turn.getAndIncrement(), now.size())).port();
  }

  @Override
  public void close() {
    asking.interrupt();
  }
}
