package io.galerne.serving;

import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.scheduler.CacheNamespace;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Has formats of answers compiled, in turns. What is remembered needs no turn. */
final class FormatCompiler {
  private final CompilationTurns turns;
  private final CompilationTurns.Bounds bounds;

  FormatCompiler(ServingProperties properties) {
    bounds = CompilationTurns.Bounds.of(properties);
    turns = new CompilationTurns(bounds);
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

  /**
   * What a request's answer is held to, behind the text that it is to go on with.
   *
   * @param owner where the tenant's formats are remembered
   */
  Outcome compile(CompletionRequest request, Engine engine, UUID tenant, CacheNamespace owner) {
    return switch (compile(request.format(), engine, tenant, owner)) {
      case Compiled(Constraint whole) when whole != null ->
          whole
              .after(request.prefix())
              .<Outcome>map(Compiled::new)
              .orElseGet(() -> new Refused(Wishes.noSuchBeginning(request)));
      case Outcome other -> other;
    };
  }

  /** As above, from the first character on. */
  Outcome compile(OutputFormat format, Engine engine, UUID tenant, CacheNamespace owner) {
    if (format instanceof OutputFormat.FreeText) {
      return new Compiled(null);
    }
    Constraint known = engine.remembered(format, owner);
    if (known != null) {
      return new Compiled(known);
    }
    try {
      return switch (turns.begin(tenant)) {
        case TAKEN -> inTurn(format, engine, tenant, owner);
        case BUSY -> new Refused(new Admission.CompilersBusy());
        case TENANT_BUSY -> new Refused(new Admission.TenantCompilersBusy(bounds.perTenantMax()));
        case QUEUE_FULL -> new Refused(new Admission.CompilationQueueFull(bounds.waitingMax()));
        case TENANT_QUEUE_FULL ->
            new Refused(new Admission.TenantCompilationQueueFull(bounds.waitingPerTenantMax()));
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Refused(new Admission.ShuttingDown());
    }
  }

  private Outcome inTurn(OutputFormat format, Engine engine, UUID tenant, CacheNamespace owner) {
    try {
      return new Compiled(engine.constrain(format, owner));
    } catch (GrammarException e) {
      return new Refused(
          new Admission.FormatRefused(
              format, e.kind(), e.keyword(), e.pointer(), String.valueOf(e.getMessage())));
    } finally {
      turns.end(tenant);
    }
  }
}
