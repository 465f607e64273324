package io.galerne.batch;

import org.jspecify.annotations.Nullable;

/**
 * One request of a job.
 *
 * @param line where it was read, from 1
 * @param customId what the client knows it by; a request in a file has one
 * @param model the body's own, if it has one
 * @param url the endpoint that the line names, if it does
 * @param body JSON of an object
 */
public record RequestLine(
    int line,
    @Nullable String customId,
    @Nullable String model,
    @Nullable String url,
    String body) {}
