package io.galerne.engine.grammar;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.schema.ValueRule;
import org.jspecify.annotations.Nullable;

/** Around the calls of tools in an answer, and the text before them. */
final class CallsFrame extends Frame {
  /** What all places of a grammar of calls share. */
  record Plan(CallSyntax syntax, Dfa heads, ValueRule[] arguments, boolean parallel) {
    // Two plans are never alike, and comparing them would be dear.
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private enum Phase {
    TEXT,
    START,
    OPEN,
    HEAD,
    ARGUMENTS,
    TAIL,
    AFTER,
    CLOSED,
    DONE
  }

  private final Plan plan;
  private final Phase phase;

  /** The tool that is called. */
  private final int tool;

  private CallsFrame(Plan plan, Phase phase, int tool, int room, Whitespace whitespace) {
    super(room, 0, whitespace);
    this.plan = plan;
    this.phase = phase;
    this.tool = tool;
  }

  /**
   * Before the first byte.
   *
   * @param text whether there may be text before calls, or instead of them
   */
  static Cursor start(Plan plan, boolean text, int room, Whitespace whitespace) {
    Phase first = text ? Phase.TEXT : Phase.START;
    CallsFrame frame = new CallsFrame(plan, first, 0, room, whitespace);
    return new Cursor(frame, text ? new WordScan(plan.syntax.finder, 0) : null);
  }

  /** Whether some object can be a tool's arguments. */
  boolean takesArguments(int of) {
    return at(Phase.ARGUMENTS, of).frame().step('{') != null;
  }

  boolean isDone() {
    return phase == Phase.DONE;
  }

  /** Whether the answer may end where such a part of it is being read. */
  boolean mayEnd(@Nullable Scan scan) {
    return phase == Phase.TEXT || phase == Phase.DONE || (phase == Phase.CLOSED && scan == null);
  }

  /** Whether a place is in free text, where most tokens may come. */
  boolean isText() {
    return phase == Phase.TEXT;
  }

  @Override
  @Nullable Cursor step(int value) {
    CallSyntax syntax = plan.syntax;
    return switch (phase) {
      case TEXT -> WordScan.begin(this, syntax.finder, value);
      case START -> WordScan.begin(this, syntax.starter, value);
      case OPEN -> WordScan.begin(this, syntax.open, value);
      case HEAD -> WordScan.begin(this, plan.heads, value);
      case ARGUMENTS ->
          value == '{' ? beginValue(this, new ValueRule[] {plan.arguments[tool]}, value) : null;
      case TAIL -> WordScan.begin(this, syntax.tail, value);
      case AFTER -> WordScan.begin(this, plan.parallel ? syntax.closeOrNext : syntax.close, value);
      case CLOSED -> WordScan.begin(this, syntax.more, value);
      case DONE -> null;
    };
  }

  /** The place after a word. */
  Cursor read(int label) {
    return switch (phase) {
      case TEXT, START -> at(Phase.OPEN, 0);
      case OPEN, CLOSED -> at(Phase.HEAD, 0);
      case HEAD -> at(Phase.ARGUMENTS, label);
      case TAIL -> at(Phase.AFTER, 0);
      case AFTER -> at(label == CallSyntax.NEXT ? Phase.HEAD : closed(), 0);
      case ARGUMENTS, DONE -> throw new IllegalStateException("no word is read here");
    };
  }

  private Phase closed() {
    return plan.parallel && !plan.syntax.more.isEmpty() ? Phase.CLOSED : Phase.DONE;
  }

  @Override
  Frame complete(boolean[] outcome) {
    return at(Phase.TAIL, 0).frame();
  }

  private Cursor at(Phase next, int of) {
    return new Cursor(new CallsFrame(plan, next, of, room, whitespace), null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CallsFrame frame
        && plan.equals(frame.plan)
        && phase == frame.phase
        && tool == frame.tool;
  }

  @Override
  public int hashCode() {
    return plan.hashCode() * 31 + phase.hashCode() * 131 + tool;
  }
}
