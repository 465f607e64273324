/** The llama architecture: configuration, weights, KV cache and the forward pass. */
@NullMarked
package io.galerne.engine.model;

import org.jspecify.annotations.NullMarked;
