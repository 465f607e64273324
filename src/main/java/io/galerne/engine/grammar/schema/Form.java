package io.galerne.engine.grammar.schema;

import java.util.List;

/**
 * A set of values, taken apart by type: what an expression comes to.
 *
 * @param literals bits of {@link #NULL}, {@link #TRUE} and {@link #FALSE}
 * @param arrays an array is of one of these shapes at least
 * @param objects an object is of one of these shapes at least
 */
record Form(
    int literals,
    NumberSet numbers,
    StringSet strings,
    List<ArrayShape> arrays,
    List<ObjectShape> objects) {
  static final int NULL = 1;
  static final int TRUE = 2;
  static final int FALSE = 4;
}
