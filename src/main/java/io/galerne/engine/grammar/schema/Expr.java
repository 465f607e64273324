package io.galerne.engine.grammar.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Which values are meant: schemas, and what combines them. {@link Exprs} makes equal expressions
 * the same object, so that recursion comes back to where it began; they are compared by identity.
 */
abstract sealed class Expr {
  /** Every value. */
  static final class Any extends Expr {}

  /** No value. */
  static final class None extends Expr {}

  /** The values of a schema. */
  static final class Schema extends Expr {
    final SchemaNode node;

    Schema(SchemaNode node) {
      this.node = node;
    }
  }

  /** One value. */
  static final class Value extends Expr {
    final JsonNode json;

    Value(JsonNode json) {
      this.json = json;
    }
  }

  /** The values of all parts. */
  static final class Both extends Expr {
    final List<Expr> parts;

    Both(List<Expr> parts) {
      this.parts = parts;
    }
  }

  /** The values that aren't those of a part. */
  static final class Except extends Expr {
    final Expr part;

    Except(Expr part) {
      this.part = part;
    }
  }
}
