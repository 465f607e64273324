package io.galerne.batch;

import io.galerne.identity.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line that is to be computed.
 *
 * @param model for a body that names none
 * @param body JSON of an object
 * @param requestId the identity of its line in the ledger
 */
public record LineRequest(
    String endpoint, @Nullable String model, String body, Caller caller, UUID requestId) {}
