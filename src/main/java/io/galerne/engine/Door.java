package io.galerne.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where requests of many threads come in to the engine's one. It counts everybody inside, so that
 * the number of requests in the engine has a bound.
 */
final class Door<T> {
  /** What became of somebody who wants to come in. */
  enum Entry {
    ENTERED,
    FULL,
    CLOSED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int insideMax;

  // guarded by lock
  private List<T> arrivals = new ArrayList<>();
  private int inside;
  private boolean closed;

  Door(int insideMax) {
    this.insideMax = insideMax;
  }

  Entry enter(T arrival) {
    lock.lock();
    try {
      if (closed) {
        return Entry.CLOSED;
      }
      if (inside >= insideMax) {
        return Entry.FULL;
      }
      inside++;
      arrivals.add(arrival);
      changed.signal();
      return Entry.ENTERED;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who arrived since the last call.
   *
   * @param wait whether to wait until somebody does, or the door closes
   */
  List<T> receive(boolean wait) {
    lock.lock();
    try {
      while (wait && !closed && arrivals.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      List<T> received = arrivals;
      arrivals = new ArrayList<>();
      return received;
    } finally {
      lock.unlock();
    }
  }

  /** Somebody who came in is done. */
  void leave() {
    lock.lock();
    try {
      inside--;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody comes in any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
