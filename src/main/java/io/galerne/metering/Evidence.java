package io.galerne.metering;

import org.jspecify.annotations.Nullable;

/** What proves an answer later; it goes with the line of the ledger and is opaque here. */
public interface Evidence {
  /** As it is kept in a file until the database takes the line. */
  record Encoded(String text) implements Evidence {
    @Override
    public String toString() {
      return "Encoded[not shown]"; // lines of the ledger go to the log when all else fails
    }
  }

  /** Makes evidence a text that shows nobody what was said. */
  interface Encoder {
    /** Null where the line has none. */
    @Nullable String encode(UsageRecord usage);
  }
}
