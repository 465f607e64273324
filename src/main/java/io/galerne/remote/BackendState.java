package io.galerne.remote;

import java.net.URI;

/**
 * What is known of one machine that serves a model.
 *
 * @param up whether it answered when it was last asked
 * @param avoided whether it failed so often that it is left alone, or tried with one request
 * @param requests in progress there
 * @param outstandingTokens that these may still take
 */
public record BackendState(
    URI url, boolean up, boolean avoided, int requests, long outstandingTokens) {}
