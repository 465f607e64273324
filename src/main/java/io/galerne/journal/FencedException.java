package io.galerne.journal;

/** The request has its line in the ledger already: nothing more of it may be delivered. */
public final class FencedException extends RuntimeException {
  FencedException() {
    super("another replica has closed the request", null, false, false);
  }
}
