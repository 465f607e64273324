/** Finite automata over the bytes of JSON text, from regular expressions, numbers and formats. */
@NullMarked
package io.galerne.engine.grammar.automaton;

import org.jspecify.annotations.NullMarked;
