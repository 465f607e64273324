package io.galerne.identity;

/** What became of a presented API key. Clients are not told which refusal it was. */
public sealed interface KeyCheck {
  /** The key is good; whose request it is. */
  record Valid(Caller caller) implements KeyCheck {}

  /** Not a key of ours: wrong form or checksum. Found out without the database. */
  record Malformed() implements KeyCheck {}

  /** Of the right form, but never issued. */
  record Unknown() implements KeyCheck {}

  /** Its time is over. */
  record Expired() implements KeyCheck {}

  /** Withdrawn by its owner, or its workspace is archived. */
  record Revoked() implements KeyCheck {}

  /** The key is good, but its tenant may not use the platform for now: the one it is told. */
  record Suspended() implements KeyCheck {}
}
