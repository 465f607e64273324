package io.galerne.limits;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one key: its tenant's plan, and the limits of the organisation, workspace and key.
 *
 * @param planVersion 0 if there is no such plan
 * @param planCapMicros what the plan lets the organisation spend in a month; null for no bound
 * @param keyCapMicros the same for the key, from the key itself
 * @param keyLine what the key's use counts against; a rotated key keeps its line
 * @param capped whether there was any cap when the terms were read
 */
record Terms(
    String planId,
    int planVersion,
    double weight,
    @Nullable Double waitingShare,
    @Nullable Long planCapMicros,
    @Nullable Long keyCapMicros,
    UUID keyLine,
    boolean capped,
    List<RateRule> rules) {
  Terms {
    rules = List.copyOf(rules);
  }
}
