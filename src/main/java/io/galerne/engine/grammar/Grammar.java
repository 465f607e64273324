package io.galerne.engine.grammar;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.Regex;
import io.galerne.engine.grammar.automaton.Strings;
import io.galerne.engine.grammar.automaton.Terminal;
import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import io.galerne.engine.grammar.bounds.GrammarLimits;
import io.galerne.engine.grammar.schema.SchemaCompiler;
import io.galerne.engine.grammar.schema.ValueRule;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A set of documents, compiled. Immutable and safe for many threads; {@link TokenMasks} says which
 * tokens keep a sequence within it.
 *
 * <pre>{@code
 * Grammar grammar = Grammar.jsonSchema(schema, Whitespace.BOUNDED, GrammarLimits.DEFAULT);
 * GrammarState state = grammar.start();
 * while (!state.isFinished()) {
 *   masks.propose(state, allowed);
 *   state = masks.advance(state, sample(logits, allowed));
 * }
 * }</pre>
 */
public final class Grammar {
  static {
    // What all grammars share is made before the first one's time begins to count.
    SchemaCompiler.compile("true", Budget.unlimited());
  }

  /** The schema of any JSON object. */
  public static final String JSON_OBJECT = "{\"type\":\"object\"}";

  private static final int TOOLS_MAX = 128;

  private final Cursor start;
  private final long bytes;

  private Grammar(Cursor start, Budget budget) {
    this.start = start;
    this.bytes = budget.allocatedBytes();
  }

  /**
   * The values of a JSON Schema of draft 2020-12, or of draft 7 where its {@code $schema} says so.
   *
   * @throws GrammarException where it is malformed, can't be enforced in full, has no value, or
   *     costs more than the limits allow
   */
  public static Grammar jsonSchema(String schema, Whitespace whitespace, GrammarLimits limits) {
    Budget budget = new Budget(limits);
    return new Grammar(
        new Cursor(
            RootFrame.of(
                SchemaCompiler.compile(schema, budget), limits.documentDepth(), whitespace),
            null),
        budget);
  }

  /** Any JSON value. */
  public static Grammar json(Whitespace whitespace, GrammarLimits limits) {
    return jsonSchema("true", whitespace, limits);
  }

  /** Any JSON object: what is called JSON mode. */
  public static Grammar jsonObject(Whitespace whitespace, GrammarLimits limits) {
    return jsonSchema(JSON_OBJECT, whitespace, limits);
  }

  /**
   * The texts that a regular expression matches as a whole.
   *
   * @throws GrammarException where it is malformed, needs more than a finite automaton, matches
   *     nothing or costs more than the limits allow
   */
  public static Grammar regex(String pattern, GrammarLimits limits) {
    Budget budget = new Budget(limits);
    budget.at("regex", "");
    return text(Regex.text(pattern, budget), budget);
  }

  /**
   * Some given texts.
   *
   * @throws GrammarException where there are none, or more than the limits allow
   */
  public static Grammar choice(List<String> texts, GrammarLimits limits) {
    Budget budget = new Budget(limits);
    budget.at("choice", "");
    budget.atMost(limits.enumValues(), texts.size(), "texts");
    long characters = texts.stream().mapToLong(String::length).sum();
    budget.atMost(limits.sourceBytes(), characters, "characters");
    return text(Strings.plainTexts(texts, budget), budget);
  }

  private static Grammar text(Dfa dfa, Budget budget) {
    if (dfa.isEmpty()) {
      throw budget.refusal(Kind.UNSATISFIABLE, "matches no text");
    }
    return new Grammar(new Cursor(RootFrame.ofText(), ScalarScan.text(Terminal.of(dfa))), budget);
  }

  /**
   * A tool that may be called.
   *
   * @param parameters the JSON text of a schema
   * @param place the JSON pointer of that schema, for refusals
   */
  public record Tool(String name, String parameters, String place) {}

  /**
   * Answers with calls of tools, whose arguments are objects that are valid for their parameters.
   *
   * @param text whether there may be text before calls, or instead of them
   * @param parallel whether there may be several calls
   * @throws GrammarException where a tool's parameters are refused, with the tool's place in the
   *     pointer; the limits hold for all tools together
   */
  public static Grammar calls(
      CallSyntax syntax,
      List<Tool> tools,
      boolean text,
      boolean parallel,
      Whitespace whitespace,
      GrammarLimits limits) {
    Budget budget = new Budget(limits);
    return new Grammar(calls(syntax, tools, text, parallel, whitespace, budget), budget);
  }

  /**
   * Answers with calls of tools, or one value of a JSON Schema.
   *
   * @param schema as of {@link #jsonSchema}
   * @param place the JSON pointer of the schema, for refusals
   * @throws GrammarException as {@link #jsonSchema} and {@link #calls}; the limits hold for all
   *     together
   */
  public static Grammar callsOrJson(
      CallSyntax syntax,
      List<Tool> tools,
      boolean parallel,
      String schema,
      String place,
      Whitespace whitespace,
      GrammarLimits limits) {
    Budget budget = new Budget(limits);
    Cursor document;
    try {
      ValueRule rule = SchemaCompiler.compile(schema, budget);
      document = new Cursor(RootFrame.of(rule, limits.documentDepth(), whitespace), null);
    } catch (GrammarException e) {
      throw e.within(place);
    }
    Cursor calls = calls(syntax, tools, false, parallel, whitespace, budget);
    if (document.step(syntax.firstByte()) != null) {
      throw new IllegalStateException("a document may begin as calls do");
    }
    return new Grammar(new Cursor(new EitherFrame(document, calls), null), budget);
  }

  private static Cursor calls(
      CallSyntax syntax,
      List<Tool> tools,
      boolean text,
      boolean parallel,
      Whitespace whitespace,
      Budget budget) {
    budget.at("tools", "");
    budget.atMost(TOOLS_MAX, tools.size(), "tools");
    long names = tools.stream().map(Tool::name).distinct().count();
    if (tools.isEmpty() || names < tools.size()) {
      throw budget.refusal(
          Kind.MALFORMED, tools.isEmpty() ? "there are none" : "two have the same name");
    }
    Dfa heads =
        Strings.plainTexts(
            tools.stream()
                .map(tool -> new String(syntax.head(tool.name()), StandardCharsets.UTF_8))
                .toList(),
            budget);
    ValueRule[] arguments = new ValueRule[tools.size()];
    Map<String, ValueRule> compiled = new HashMap<>(); // many tools take the same, often nothing
    for (int i = 0; i < arguments.length; i++) {
      try {
        String parameters = tools.get(i).parameters();
        ValueRule known = compiled.get(parameters);
        arguments[i] = known == null ? SchemaCompiler.compile(parameters, budget) : known;
        compiled.put(parameters, arguments[i]);
      } catch (GrammarException e) {
        throw e.within(tools.get(i).place());
      }
    }
    var plan = new CallsFrame.Plan(syntax, heads, arguments, parallel);
    Cursor start = CallsFrame.start(plan, text, budget.limits().documentDepth(), whitespace);
    for (int i = 0; i < arguments.length; i++) {
      if (!((CallsFrame) start.frame()).takesArguments(i)) {
        budget.at("type", tools.get(i).place());
        throw budget.refusal(Kind.UNSATISFIABLE, "arguments are an object, which isn't allowed");
      }
    }
    return start;
  }

  /** Bytes that the grammar takes, at most. */
  public long bytes() {
    return bytes;
  }

  /** Before the first byte. */
  public GrammarState start() {
    return new GrammarState(this, start, false);
  }
}
