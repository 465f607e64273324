/** Renders a conversation to prompt tokens by the model's own chat template. */
@NamedInterface("template")
@NullMarked
package io.galerne.engine.template;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
