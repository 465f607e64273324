package io.galerne.engine;

import io.galerne.engine.grammar.CallSyntax;
import io.galerne.engine.grammar.Grammar;
import io.galerne.engine.grammar.Whitespace;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarLimits;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.template.ToolCallFormat;
import io.galerne.engine.template.ToolDefinition;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What answers of an engine can be held to. Compiled constraints are remembered up to a number of
 * bytes, by their whole content, for each namespace by itself.
 */
final class Constraints implements AutoCloseable {
  private static final int COMPILING_THREADS = 2;
  private static final long LEAST_CACHE_BYTES = 64 << 20;
  private static final long MOST_CACHE_BYTES = 256 << 20;

  private final Tokenizer tokenizer;
  private final ToolCallFormat format;
  private final long cacheBytes =
      Math.clamp(Runtime.getRuntime().maxMemory() / 16, LEAST_CACHE_BYTES, MOST_CACHE_BYTES);

  /** Budgets are kept by a thread's processor time, which virtual threads don't have. */
  private final ExecutorService compilers =
      Executors.newFixedThreadPool(
          COMPILING_THREADS, Thread.ofPlatform().name("galerne-compile-", 0).daemon().factory());

  private final ConstraintCache compiled = new ConstraintCache(cacheBytes, cacheBytes / 2);

  // guarded by this
  private @Nullable AnswerVocabulary vocabulary;

  Constraints(Tokenizer tokenizer, ToolCallFormat format) {
    this.tokenizer = tokenizer;
    this.format = format;
  }

  Constraint of(OutputFormat asked, CacheNamespace owner) {
    Constraint known = compiled.find(asked, owner);
    if (known != null) {
      return known;
    }
    try {
      Constraint made = CompletableFuture.supplyAsync(() -> compile(asked), compilers).join();
      compiled.put(made, owner);
      return made;
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** What was compiled before and is remembered, or null. */
  @Nullable Constraint find(OutputFormat asked, CacheNamespace owner) {
    return compiled.find(asked, owner);
  }

  /** What grammars see of the tokenizer; made for the first constraint. */
  private synchronized AnswerVocabulary vocabulary() {
    AnswerVocabulary known = vocabulary;
    if (known == null) {
      known = AnswerVocabulary.of(tokenizer, format, cacheBytes);
      vocabulary = known;
    }
    return known;
  }

  private Constraint compile(OutputFormat asked) {
    GrammarLimits limits = GrammarLimits.DEFAULT;
    return switch (asked) {
      case OutputFormat.FreeText _ -> new Constraint(asked, this, null);
      case OutputFormat.JsonObject _ ->
          constraint(asked, Grammar.jsonObject(Whitespace.BOUNDED, limits));
      case OutputFormat.JsonSchema(String schema) ->
          constraint(asked, Grammar.jsonSchema(schema, Whitespace.BOUNDED, limits));
      case OutputFormat.Regex(String pattern) -> constraint(asked, Grammar.regex(pattern, limits));
      case OutputFormat.Choice(List<String> texts) ->
          constraint(asked, Grammar.choice(texts, limits));
      case OutputFormat.ToolCalls calls -> constraint(asked, calls(calls, limits));
    };
  }

  private Constraint constraint(OutputFormat asked, Grammar grammar) {
    return new Constraint(asked, this, new Constraint.Compiled(grammar, vocabulary()));
  }

  private Grammar calls(OutputFormat.ToolCalls calls, GrammarLimits limits) {
    CallSyntax syntax = vocabulary().callSyntax();
    List<Grammar.Tool> tools = new ArrayList<>();
    for (ToolDefinition tool : calls.tools()) {
      String place = "/tools/" + tools.size() + "/parameters";
      String parameters = tool.parameters().isBlank() ? "{}" : tool.parameters();
      tools.add(new Grammar.Tool(tool.name(), parameters, place));
    }
    return switch (calls.choice()) {
      case ToolChoice.Auto _ -> callsOr(calls.otherwise(), syntax, tools, calls.parallel(), limits);
      case ToolChoice.Any _ ->
          Grammar.calls(syntax, tools, false, calls.parallel(), Whitespace.BOUNDED, limits);
      case ToolChoice.Named(String name) ->
          Grammar.calls(
              syntax, only(tools, name), false, calls.parallel(), Whitespace.BOUNDED, limits);
    };
  }

  private static Grammar callsOr(
      OutputFormat otherwise,
      CallSyntax syntax,
      List<Grammar.Tool> tools,
      boolean parallel,
      GrammarLimits limits) {
    String schema;
    switch (otherwise) {
      case OutputFormat.FreeText() -> {
        return Grammar.calls(syntax, tools, true, parallel, Whitespace.BOUNDED, limits);
      }
      case OutputFormat.JsonObject() -> schema = Grammar.JSON_OBJECT;
      case OutputFormat.JsonSchema(String asked) -> schema = asked;
      case OutputFormat.Regex _, OutputFormat.Choice _, OutputFormat.ToolCalls _ ->
          throw new IllegalArgumentException("calls, or JSON, or free text");
    }
    return Grammar.callsOrJson(
        syntax,
        tools,
        parallel,
        schema,
        OutputFormat.ToolCalls.OTHERWISE,
        Whitespace.BOUNDED,
        limits);
  }

  private static List<Grammar.Tool> only(List<Grammar.Tool> tools, String name) {
    List<Grammar.Tool> named = tools.stream().filter(tool -> tool.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new GrammarException(
          GrammarException.Kind.MALFORMED,
          "tool_choice",
          "",
          "no tool has the name '" + name + "'");
    }
    return named;
  }

  @Override
  public void close() {
    compilers.shutdown();
  }
}
