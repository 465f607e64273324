package io.galerne.engine;

import io.galerne.engine.scheduler.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Sequences with the prompt of another one, which are not scheduled before the cache has what that
 * one computed. Belongs to the engine's thread.
 */
final class Followers {
  private final Map<Sequence, Sequence> leaders = new HashMap<>();
  private final List<Sequence> waiting = new ArrayList<>();

  void add(Sequence sequence, Sequence leader) {
    leaders.put(sequence, leader);
    waiting.add(sequence);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Forgets a sequence; returns whether it was here. */
  boolean remove(Sequence sequence) {
    leaders.remove(sequence);
    return waiting.remove(sequence);
  }

  /** Takes out those that can start, in order of arrival. */
  List<Sequence> takeReady(Predicate<Sequence> isLive) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Sequence> ready = new ArrayList<>();
    for (Iterator<Sequence> rest = waiting.iterator(); rest.hasNext(); ) {
      Sequence sequence = rest.next();
      Sequence leader = leaders.get(sequence);
      boolean waits =
          leader != null && isLive.test(leader) && leader.computed() < leader.promptLength();
      if (!waits) {
        leaders.remove(sequence);
        rest.remove();
        ready.add(sequence);
      }
    }
    return ready;
  }
}
