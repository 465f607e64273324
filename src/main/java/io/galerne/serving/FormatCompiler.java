package io.galerne.serving;

import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.grammar.bounds.GrammarException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Has formats of answers compiled, in turns. */
final class FormatCompiler {
  private final CompilationTurns turns;
  private final int perTenantMax;

  FormatCompiler(ServingProperties bounds) {
    perTenantMax = bounds.compilationsPerTenantMax();
    turns = new CompilationTurns(bounds.compilationsMax(), perTenantMax, bounds.compilationWait());
  }

  /** What came of compiling. */
  sealed interface Outcome {}

  /**
   * It may run.
   *
   * @param constraint null where anything is allowed
   */
  record Compiled(@Nullable Constraint constraint) implements Outcome {}

  record Refused(Admission.Refused reason) implements Outcome {}

  Outcome compile(OutputFormat format, Engine engine, UUID tenant) {
    if (format instanceof OutputFormat.FreeText) {
      return new Compiled(null);
    }
    try {
      return switch (turns.begin(tenant)) {
        case TAKEN -> inTurn(format, engine, tenant);
        case BUSY -> new Refused(new Admission.CompilersBusy());
        case TENANT_BUSY -> new Refused(new Admission.TenantCompilersBusy(perTenantMax));
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Refused(new Admission.ShuttingDown());
    }
  }

  private Outcome inTurn(OutputFormat format, Engine engine, UUID tenant) {
    try {
      return new Compiled(engine.constrain(format));
    } catch (GrammarException e) {
      return new Refused(
          new Admission.FormatRefused(
              format, e.kind(), e.keyword(), e.pointer(), String.valueOf(e.getMessage())));
    } finally {
      turns.end(tenant);
    }
  }
}
