package io.galerne.engine;

import io.galerne.engine.grammar.Grammar;
import io.galerne.engine.template.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled {@link OutputFormat}. Immutable, and safe for many requests at once. */
public final class Constraint {
  private final OutputFormat format;
  private final @Nullable Constraints owner;
  private final @Nullable Compiled compiled;

  /** What an answer is held to, and the tokens that it is spelled in. */
  record Compiled(Grammar grammar, AnswerVocabulary vocabulary) {}

  /**
   * @param compiled null where everything is allowed
   */
  Constraint(OutputFormat format, @Nullable Constraints owner, @Nullable Compiled compiled) {
    this.format = format;
    this.owner = owner;
    this.compiled = compiled;
  }

  /** A format for an engine that has it enforced elsewhere. */
  public static Constraint enforcedElsewhere(OutputFormat format) {
    return new Constraint(format, null, null);
  }

  /** What it was made of. */
  public OutputFormat format() {
    return format;
  }

  boolean isOf(Constraints engine) {
    return owner == engine;
  }

  /** Bytes that it takes, at most. */
  long bytes() {
    long grammar = compiled == null ? 0 : compiled.grammar().bytes();
    return grammar + 2L * format.toString().length();
  }

  /** Holds one answer to it, null where everything is allowed. */
  @Nullable Guide guide() {
    return compiled == null ? null : compiled.vocabulary().guide(compiled.grammar());
  }

  /**
   * Reads the calls of one answer, null where there can't be any.
   *
   * @param seed makes the ids of calls
   */
  @Nullable CallReader callReader(long seed) {
    if (compiled == null || !(format instanceof OutputFormat.ToolCalls calls)) {
      return null;
    }
    List<String> names = calls.tools().stream().map(ToolDefinition::name).toList();
    return new CallReader(compiled.vocabulary().callSyntax(), names, seed);
  }
}
