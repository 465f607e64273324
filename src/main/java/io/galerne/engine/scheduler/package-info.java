/**
 * Continuous batching: which sequences run in a step, with how many tokens, in which blocks of the
 * cache, and in whose turn. Pure bookkeeping on the engine's thread: it never sees a weight, a key
 * or a value.
 */
@NamedInterface("scheduler")
@NullMarked
package io.galerne.engine.scheduler;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
