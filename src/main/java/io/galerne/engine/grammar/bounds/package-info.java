/** What bounds the work of compiling a grammar, and how a refusal is told. */
@NullMarked
package io.galerne.engine.grammar.bounds;

import org.jspecify.annotations.NullMarked;
