package io.galerne.identity;

/** What became of a presented key of the Admin API. */
sealed interface AdminCheck {
  /** The key is good; who calls and what they may do at this moment. */
  record Valid(AdminCaller caller) implements AdminCheck {}

  /** Malformed, unknown, expired or withdrawn, or its member is gone: nobody is told which. */
  record Refused() implements AdminCheck {}

  /** The key is good, but its tenant may not use the platform for now. */
  record Suspended() implements AdminCheck {}
}
