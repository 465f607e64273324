/** From logits to the next token. */
@NullMarked
package io.galerne.engine.sampling;

import org.jspecify.annotations.NullMarked;
