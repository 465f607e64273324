/**
 * Constrained decoding: which tokens may come next so that an answer is a document of a grammar,
 * whatever the model prefers.
 */
@NullMarked
package io.galerne.engine.grammar;

import org.jspecify.annotations.NullMarked;
