package io.galerne.moderation.guard;

import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.Scanner;
import java.util.function.Supplier;

/**
 * A rule, ready to be applied.
 *
 * @param origin which version of which policy it is of
 */
public record GuardedRule(Rule rule, String origin, Supplier<Scanner> scanners) {}
