/** What bounds the work of compiling a grammar, and how a refusal is told. */
@NamedInterface("grammar")
@NullMarked
package io.galerne.engine.grammar.bounds;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
