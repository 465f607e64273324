package io.galerne.limits;

import java.time.Instant;

/**
 * A plan as it is in force.
 *
 * @param version counts its changes, from 1
 */
public record PlanDetails(String id, int version, Instant createdAt, PlanTerms terms) {}
