package io.galerne.deployments;

/**
 * Something that is wrong with a deployment.
 *
 * @param field with dots, such as {@code remote.urls}
 * @param message fit for a client
 */
public record SpecProblem(String field, String message) {}
