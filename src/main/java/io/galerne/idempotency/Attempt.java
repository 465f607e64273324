package io.galerne.idempotency;

import java.util.UUID;

/** Whether a request with an Idempotency-Key is to be done. */
sealed interface Attempt {
  /** It is new: do it, and then finish or abandon it. */
  record Begun(IdempotencyScope scope, UUID id) implements Attempt {}

  /** It was done: this is the answer. */
  record Done(StoredAnswer answer) implements Attempt {}

  /** It is being done. */
  record InProgress() implements Attempt {}

  /** Another request came with this key. */
  record OtherRequest() implements Attempt {}
}
