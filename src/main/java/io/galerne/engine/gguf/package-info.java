/** Reads and validates GGUF files; nothing else touches the file format. */
@NullMarked
package io.galerne.engine.gguf;

import org.jspecify.annotations.NullMarked;
