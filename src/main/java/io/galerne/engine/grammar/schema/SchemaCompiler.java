package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.bounds.Budget;

/** Compiles JSON Schemas of drafts 2020-12 and 7. */
public final class SchemaCompiler {
  private SchemaCompiler() {}

  /**
   * The rule of a schema's values.
   *
   * @throws io.galerne.engine.grammar.bounds.GrammarException where it is malformed, can't be
   *     enforced, has no value or exceeds a limit
   */
  public static ValueRule compile(String schema, Budget budget) {
    SchemaDocument document = SchemaDocument.read(schema, budget);
    Exprs exprs = new Exprs();
    Expander expander = new Expander(document, exprs, budget);
    return new RuleBuilder(exprs, expander, budget).build(exprs.schema(document.root()));
  }
}
