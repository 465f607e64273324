/**
 * Texts to vectors inside the JVM: an encoder's tokenizer, its forward pass in ONNX Runtime, and
 * the threads it may use. It knows no Spring, no tenant and no database; serving calls it.
 */
@ApplicationModule(
    displayName = "Embedding",
    allowedDependencies = {})
@NullMarked
package io.galerne.embedding;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
