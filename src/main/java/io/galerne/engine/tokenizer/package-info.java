/** Text to token ids and back, from the vocabulary in a GGUF file. */
@NullMarked
package io.galerne.engine.tokenizer;

import org.jspecify.annotations.NullMarked;
