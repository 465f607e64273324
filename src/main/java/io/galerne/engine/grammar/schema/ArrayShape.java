package io.galerne.engine.grammar.schema;

import java.util.List;

/**
 * What arrays may look like.
 *
 * @param prefix the items at the first places
 * @param rest the items after those
 * @param max the most items; {@link #UNBOUNDED} for none
 * @param contained what at least {@code least} items also are
 */
record ArrayShape(List<Expr> prefix, Expr rest, int min, int max, Expr contained, int least) {
  static final int UNBOUNDED = Integer.MAX_VALUE;

  Expr item(int index) {
    return index < prefix.size() ? prefix.get(index) : rest;
  }
}
