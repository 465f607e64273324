package io.galerne.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where requests of many threads come in to the engine's one. It counts everybody inside, so that
 * the number of requests in the engine has a bound, and so has the number of each key: whatever one
 * key sends, others find a place.
 */
final class Door<T> {
  /** What became of somebody who wants to come in. */
  enum Entry {
    ENTERED,
    FULL,
    /** Too many of the same key are inside. */
    KEY_FULL,
    CLOSED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int insideMax;
  private final int insidePerKeyMax;

  // guarded by lock
  private List<T> arrivals = new ArrayList<>();
  private final Map<String, Integer> insideOfKey = new HashMap<>();
  private int inside;
  private boolean closed;

  Door(int insideMax, int insidePerKeyMax) {
    this.insideMax = insideMax;
    this.insidePerKeyMax = insidePerKeyMax;
  }

  Entry enter(T arrival, String key) {
    return enter(arrival, key, insidePerKeyMax);
  }

  /**
   * @param ownMax how many of the key may be inside, this one included
   */
  Entry enter(T arrival, String key, int ownMax) {
    lock.lock();
    try {
      Entry entry = ask(key, ownMax);
      if (entry == Entry.ENTERED) {
        inside++;
        insideOfKey.merge(key, 1, Integer::sum);
        arrivals.add(arrival);
        changed.signal();
      }
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /** What {@link #enter} would say now; nobody comes in. */
  Entry ask(String key, int ownMax) {
    lock.lock();
    try {
      if (closed) {
        return Entry.CLOSED;
      }
      if (inside >= insideMax) {
        return Entry.FULL;
      }
      return insideOfKey.getOrDefault(key, 0) >= ownMax ? Entry.KEY_FULL : Entry.ENTERED;
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
      if (arrivals.isEmpty()) {
        return List.of();
      }
      List<T> received = arrivals;
      arrivals = new ArrayList<>();
      return received;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until somebody arrives or the door closes, but no longer than this. */
  void awaitArrival(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !closed && arrivals.isEmpty()) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // the engine's thread ends by the door, not by interruption
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Somebody who came in is done. */
  void leave(String key) {
    lock.lock();
    try {
      inside--;
      insideOfKey.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
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
