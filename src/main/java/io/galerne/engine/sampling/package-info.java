/** From logits to the next token. */
@NamedInterface("sampling")
@NullMarked
package io.galerne.engine.sampling;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
