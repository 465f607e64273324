/** Continuous batching: which sequences run in a step, and with how many tokens. */
@NullMarked
package io.galerne.engine.scheduler;

import org.jspecify.annotations.NullMarked;
