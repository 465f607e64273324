package io.galerne.engine;

import io.galerne.engine.grammar.CallSyntax;
import io.galerne.engine.grammar.Grammar;
import io.galerne.engine.grammar.GrammarState;
import io.galerne.engine.template.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A compiled {@link OutputFormat}. Immutable, and safe for many requests at once. */
public final class Constraint {
  private final OutputFormat format;
  private final @Nullable Constraints owner;
  private final @Nullable Compiled compiled;
  private final @Nullable GrammarState start;
  private final boolean isBegun;

  /** What an answer is held to, and the tokens that it is spelled in. */
  record Compiled(Grammar grammar, AnswerVocabulary vocabulary) {}

  /**
   * @param compiled null where everything is allowed
   */
  Constraint(OutputFormat format, @Nullable Constraints owner, @Nullable Compiled compiled) {
    this(format, owner, compiled, compiled == null ? null : compiled.grammar().start(), false);
  }

  private Constraint(
      OutputFormat format,
      @Nullable Constraints owner,
      @Nullable Compiled compiled,
      @Nullable GrammarState start,
      boolean isBegun) {
    this.format = format;
    this.owner = owner;
    this.compiled = compiled;
    this.start = start;
    this.isBegun = isBegun;
  }

  /**
   * Holds what comes after a text that the answer begins with; empty where no answer of the format
   * begins so. Free text goes on with anything.
   */
  public Optional<Constraint> after(String prefix) {
    byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
    if (start == null || compiled == null || bytes.length == 0) {
      return Optional.of(this);
    }
    if (format instanceof OutputFormat.ToolCalls calls) {
      boolean mayBeText = calls.choice() instanceof ToolChoice.Auto;
      if (mayBeText && !format.asksForDocument()) {
        return Optional.of(this);
      }
      if (!mayBeText || bytes[0] == compiled.vocabulary().callSyntax().start()[0]) {
        return Optional.empty(); // calls are made by the model, whole
      }
    }
    return start.advance(bytes).map(next -> new Constraint(format, owner, compiled, next, true));
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
    return compiled == null || start == null ? null : compiled.vocabulary().guide(start);
  }

  /**
   * Reads the calls of one answer, null where there can't be any.
   *
   * @param seed makes the ids of calls
   */
  @Nullable CallReader callReader(long seed) {
    if (compiled == null || isBegun || !(format instanceof OutputFormat.ToolCalls calls)) {
      return null;
    }
    List<String> names = calls.tools().stream().map(ToolDefinition::name).toList();
    CallSyntax syntax = compiled.vocabulary().callSyntax();
    return format.asksForDocument()
        ? CallReader.atStart(syntax, names, seed)
        : new CallReader(syntax, names, seed);
  }
}
