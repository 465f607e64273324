package io.galerne.chaos;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Round robin over those replicas that said they were ready when they were asked last. */
final class Balancer implements AutoCloseable {
  private static final long EVERY_NANOS = 200_000_000;

  private final List<ReplicaProcess> replicas;
  private final AtomicInteger turn = new AtomicInteger();
  private final Thread asking;
  private volatile List<ReplicaProcess> ready;

  Balancer(List<ReplicaProcess> replicas) {
    this.replicas = replicas;
    this.ready = replicas;
    asking = Thread.ofVirtual().start(this::ask);
  }

  private void ask() {
    while (!Thread.currentThread().isInterrupted()) {
      ready = replicas.stream().filter(ReplicaProcess::isReady).toList();
      LockSupport.parkNanos(EVERY_NANOS);
    }
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
