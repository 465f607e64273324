package io.galerne.chat;

/** How far a message has come. */
enum MessageState {
  /** An answer in progress. */
  STREAMING,
  /** Complete, as every question is. */
  DONE,
  /** Its reader stopped it. */
  STOPPED,
  /** It is as long as an answer may be. */
  LENGTH,
  /** The model's context is full. */
  CONTEXT,
  /** What may be spent or used is used up. */
  BUDGET,
  /** A policy keeps the question from the model. */
  REFUSED,
  /** A policy cut the answer. */
  CUT,
  /** Something broke. */
  FAILED;

  /** Whether the model is shown the question and what there is of the answer. */
  boolean isTold() {
    return switch (this) {
      case STREAMING, DONE, STOPPED, LENGTH, CONTEXT, BUDGET, CUT -> true;
      case REFUSED, FAILED -> false;
    };
  }
}
