/** Policies as data: rules, how they are read from YAML and JSON, and how they are put together. */
@NullMarked
package io.galerne.moderation.policy;

import org.jspecify.annotations.NullMarked;
