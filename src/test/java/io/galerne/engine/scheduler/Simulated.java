package io.galerne.engine.scheduler;

import io.galerne.engine.sampling.SamplingParams;
import java.util.Arrays;
import java.util.List;

/** A request of a workload on its way, with what the simulation knows of it on its own account. */
final class Simulated {
  final Workload.Request request;
  final Sequence sequence;

  /** Prompt positions computed at least once, or found in the cache. */
  int promptDone;

  private long[] digests;
  private int digested;

  Simulated(Workload.Request request) {
    this.request = request;
    this.sequence =
        new Sequence(
            request.prompt(),
            new SamplingParams(0, 1, 0, request.answerTokensMax(), List.of()),
            request.terms(),
            request.scope());
    this.digests = new long[request.prompt().length + request.answerTokensMax()];
  }

  /** The digest of all tokens up to a position. */
  long digest(int position) {
    while (digested <= position) {
      long before = digested == 0 ? 17 : digests[digested - 1];
      if (digested == digests.length) {
        digests = Arrays.copyOf(digests, 2 * digested);
      }
      digests[digested] = FakeModel.digest(before, sequence.token(digested));
      digested++;
    }
    return digests[position];
  }
}
