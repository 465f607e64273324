/** Arithmetic on arrays: a scalar specification, and faster implementations with the same bits. */
@NamedInterface("kernel")
@NullMarked
package io.galerne.engine.kernel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
