package io.galerne.limits;

import java.time.YearMonth;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent in a month, and what was, in micro-units.
 *
 * @param ownMicros what was set for it; null for no cap
 * @param givenMicros what the plan gives an organisation, or a key has from its making; null for no
 *     cap
 * @param reservedMicros what requests in progress may still spend
 * @param reached whether not one more token can be paid for
 */
public record SpendLimit(
    YearMonth month,
    @Nullable Long ownMicros,
    @Nullable Long givenMicros,
    long spentMicros,
    long reservedMicros,
    boolean reached) {
  /** The lower of the two caps; null where there is none. */
  public @Nullable Long limitMicros() {
    return Stream.concat(Stream.ofNullable(ownMicros), Stream.ofNullable(givenMicros))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }
}
