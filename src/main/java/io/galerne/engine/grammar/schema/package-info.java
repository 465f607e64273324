/** From a JSON Schema to the rules by which a document is written byte by byte. */
@NullMarked
package io.galerne.engine.grammar.schema;

import org.jspecify.annotations.NullMarked;
