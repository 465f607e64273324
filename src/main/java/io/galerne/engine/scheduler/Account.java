package io.galerne.engine.scheduler;

import java.util.ArrayDeque;

/** What one fairness key has in a class of service, and has had. */
final class Account {
  final String key;

  /** Service received, by cost and weight; the paper's c_i. */
  double counter;

  /** What the last request to arrive weighs. */
  double weight;

  /** Requests that wait, in order of arrival. */
  final ArrayDeque<Sequence> waiting = new ArrayDeque<>();

  /** Requests that wait or run. */
  int live;

  /** Tokens computed for it that were charged: prompt and answer. */
  long servedTokens;

  Account(String key) {
    this.key = key;
  }
}
