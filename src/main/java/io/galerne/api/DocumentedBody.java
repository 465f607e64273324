package io.galerne.api;

import io.swagger.v3.oas.models.media.Schema;

/**
 * The schema of a request body that is read field by field. A controller names it with
 * {@code @Schema(ref = ...)}, since there is no class that the document could be made from.
 *
 * @param name among the document's components
 */
record DocumentedBody(String name, Schema<?> schema) {}
