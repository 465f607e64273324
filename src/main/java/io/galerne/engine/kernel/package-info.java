/** Arithmetic on arrays: a scalar specification and vector implementations with the same bits. */
@NullMarked
package io.galerne.engine.kernel;

import org.jspecify.annotations.NullMarked;
