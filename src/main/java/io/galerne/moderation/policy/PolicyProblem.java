package io.galerne.moderation.policy;

/**
 * What is wrong with a policy.
 *
 * @param pointer the JSON pointer of the value at fault
 * @param message fit for whoever wrote it
 */
public record PolicyProblem(String pointer, String message) {}
