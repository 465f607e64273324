package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Continuous batching (Yu et al., Orca, 2022) with chunked prefill (Agrawal et al., Sarathi, 2023)
 * in the order of virtual token counters (Sheng et al., 2024): every step takes one token of each
 * sequence that decodes, then as much of the prompts as the step's budget leaves, in slices of a
 * block whose turn is decided one by one. When blocks or seats run out, a sequence gives its own
 * back and waits to be computed again ({@link RunningSet}); its tokens stay, so its answer is the
 * same.
 *
 * <p>Not thread-safe: it belongs to the engine's thread.
 */
public final class Scheduler {
  private static final int ANY_RANK = -1;
  private static final int INTERACTIVE_RANK = 1;
  private static final int BATCH_RANK = 2;

  private final SchedulerLimits limits;
  private final BlockManager blocks;
  private final boolean batchYields;
  private final Backlog backlog;
  private final RunningSet running;
  private final List<Sequence> live = new ArrayList<>();
  private final List<Sequence> decoders = new ArrayList<>();
  private final ScheduledStep step = new ScheduledStep();
  private long steps;
  private long preemptions;
  private long cachedTokens;

  public Scheduler(SchedulerLimits limits, BlockManager blocks) {
    this(
        limits,
        blocks,
        new VirtualTokenCounter(limits.idleKeysMax()),
        new VirtualTokenCounter(limits.idleKeysMax()),
        true);
  }

  /**
   * @param batchYields whether batch requests keep back beside somebody who waits for an answer
   */
  Scheduler(
      SchedulerLimits limits,
      BlockManager blocks,
      VirtualTokenCounter interactive,
      VirtualTokenCounter batch,
      boolean batchYields) {
    this.limits = limits;
    this.batchYields = batchYields;
    this.blocks = blocks;
    this.backlog = new Backlog(interactive, batch, limits.batchPatienceSteps());
    this.running = new RunningSet(backlog);
  }

  /**
   * @throws IllegalArgumentException if the cache could never hold the sequence
   */
  public void add(Sequence sequence) {
    if (!blocks.canHold(sequence.length())) {
      throw new IllegalArgumentException("the cache can't hold " + sequence.length() + " tokens");
    }
    live.add(sequence);
    backlog.arrive(sequence, steps);
  }

  /** Charges tokens of an answer that were appended without being drawn. */
  public void chargeAnswer(Sequence sequence, int tokens) {
    backlog.charge(sequence, tokens * VirtualTokenCounter.ANSWER_COST, tokens);
  }

  /** Forgets a sequence and frees its blocks, wherever it stands. */
  public void remove(Sequence sequence) {
    if (sequence.state.running) {
      running.remove(sequence);
    } else {
      backlog.leave(sequence);
    }
    live.remove(sequence);
    blocks.release(sequence);
    backlog.end(sequence);
  }

  public boolean isIdle() {
    return live.isEmpty();
  }

  public int running() {
    return running.size();
  }

  public int waiting() {
    return backlog.waiting();
  }

  /** Everything the scheduler holds, in order of arrival; changes with {@link #remove}. */
  public int size() {
    return live.size();
  }

  public Sequence get(int index) {
    return live.get(index);
  }

  /** How often a sequence had to give its blocks back. */
  public long preemptions() {
    return preemptions;
  }

  /** Tokens that were found in the cache instead of computed. */
  public long cachedTokens() {
    return cachedTokens;
  }

  /** What the keys have that the scheduler remembers, and had. */
  public List<KeyStatistics> keys() {
    return KeyStatistics.of(
        backlog.counter(Priority.INTERACTIVE).accounts(),
        backlog.counter(Priority.BATCH).accounts());
  }

  /**
   * Plans the next step and gives every sequence in it the blocks it needs. Must be followed by
   * {@link #complete} once the step is computed.
   */
  public ScheduledStep schedule() {
    steps++;
    step.clear();
    backlog.promote(running, steps);
    planDecodes();
    planPrompts();
    planDecoders(limits.stepTokensMax());
    return step;
  }

  /** The planned step has been computed: what it planned is in the cache. */
  public void complete() {
    for (int i = 0; i < step.size(); i++) {
      Sequence sequence = step.sequence(i);
      sequence.advance(step.tokens(i));
      blocks.name(sequence);
      sequence.state.servedStep = steps;
    }
  }

  /** The last token of an answer was computed beside what was planned. */
  public void computedAhead(Sequence sequence) {
    sequence.advance(1);
    blocks.name(sequence);
  }

  private void planDecodes() {
    decoders.clear();
    boolean prompts = backlog.waiting() > 0;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      sequence.state.stalled = false;
      blocks.returnPassed(sequence);
      if (sequence.pending() == 1) {
        decoders.add(sequence);
      } else {
        prompts = true;
      }
    }
    if (batchYields && (running.hasInteractive() || backlog.interactiveWaits())) {
      thinOutBatch();
    }
    int room = limits.stepTokensMax() - (prompts ? limits.promptTokensReserved() : 0);
    if (decoders.size() > room) {
      decoders.sort(Scheduler::inTurn);
    }
    planDecoders(room);
  }

  /**
   * Beside answers that somebody waits for, one batch request decodes in a step, each in its turn:
   * every further one would make the step longer.
   */
  private void thinOutBatch() {
    Sequence next = null;
    for (Sequence sequence : decoders) {
      boolean first = next == null || sequence.state.servedStep < next.state.servedStep;
      if (Backlog.rank(sequence) == BATCH_RANK && first) {
        next = sequence;
      }
    }
    if (next == null) {
      return;
    }
    Sequence kept = next;
    decoders.removeIf(sequence -> Backlog.rank(sequence) == BATCH_RANK && sequence != kept);
  }

  /** Whether a prompt is left alone while somebody waits for an answer. */
  private boolean yields(Sequence prompt) {
    return batchYields && Backlog.rank(prompt) == BATCH_RANK && running.hasInteractive();
  }

  /** Plans a token of each decoder that has none, until the step has so many. */
  private void planDecoders(int room) {
    for (int i = 0; i < decoders.size() && step.tokens() < room; i++) {
      Sequence sequence = decoders.get(i);
      Sequence.SequenceState state = sequence.state;
      boolean left = state.running && state.planned == 0 && state.sentBackStep < steps;
      if (left && makeRoom(sequence)) {
        plan(sequence, 1);
      }
    }
  }

  /** When not all can decode: by turn, and among equals whoever was left out the longest. */
  private static int inTurn(Sequence one, Sequence other) {
    int byRank = Integer.compare(Backlog.rank(one), Backlog.rank(other));
    int byCounter = byRank != 0 ? byRank : VirtualTokenCounter.compare(one, other);
    if (byCounter != 0) {
      return byCounter;
    }
    int byService = Long.compare(one.state.servedStep, other.state.servedStep);
    return byService != 0 ? byService : Long.compare(one.state.arrival, other.state.arrival);
  }

  private void planPrompts() {
    int left = limits.stepTokensMax() - step.tokens();
    if (!step.isEmpty()) {
      left = Math.min(left, limits.promptTokensBeside());
    }
    boolean admitting = true;
    Sequence leader = running.leader();
    if (leader != null && isPrompt(leader) && left > 0) {
      left -= planSlice(leader, left);
    }
    while (left > 0) {
      Sequence prompt = nextPrompt();
      Sequence head = admitting ? backlog.head() : null;
      if (head != null && !yields(head) && (prompt == null || backlog.isBefore(head, prompt))) {
        if (!admit(head)) {
          // it may have sent the other one back to make room
          admitting = false;
          continue;
        }
        prompt = head;
      }
      if (prompt == null) {
        return;
      }
      left -= planSlice(prompt, left);
    }
  }

  private static boolean isPrompt(Sequence sequence) {
    Sequence.SequenceState state = sequence.state;
    return !state.stalled && sequence.pending() > Math.max(1, state.planned);
  }

  private @Nullable Sequence nextPrompt() {
    Sequence next = null;
    for (int i = 0; i < running.size(); i++) {
      Sequence candidate = running.get(i);
      if (isPrompt(candidate)
          && !yields(candidate)
          && (next == null || backlog.isBefore(candidate, next))) {
        next = candidate;
      }
    }
    return next;
  }

  /** Plans up to a block of a prompt, as far as there is memory; returns the tokens. */
  private int planSlice(Sequence sequence, int budget) {
    int left = sequence.pending() - sequence.state.planned;
    int slice = Math.min(Math.min(budget, blocks.blockTokens()), left);
    int from = sequence.computed() + sequence.state.planned;
    int until = blocks.grow(sequence, from + slice, sequence == running.leader());
    while (until <= from) {
      boolean leads = sequence == running.leader();
      Sequence victim = running.victim(leads ? ANY_RANK : Backlog.rank(sequence));
      if (victim == null) {
        sequence.state.stalled = true;
        return 0;
      }
      preempt(victim);
      until = blocks.grow(sequence, from + slice, leads);
    }
    plan(sequence, until - from);
    return until - from;
  }

  private void plan(Sequence sequence, int tokens) {
    Sequence.SequenceState state = sequence.state;
    int until = sequence.computed() + state.planned + tokens;
    int charged = Math.min(until, sequence.promptLength());
    int prompt = Math.max(0, charged - Math.max(state.chargedPrompt, until - tokens));
    state.chargedPrompt = Math.max(state.chargedPrompt, charged);
    int answer = until == sequence.length() ? 1 : 0;
    double cost =
        prompt * VirtualTokenCounter.PROMPT_COST + answer * VirtualTokenCounter.ANSWER_COST;
    step.add(sequence, tokens);
    state.plannedCost += cost;
    state.plannedPrompt += prompt;
    state.plannedAnswer += answer;
    backlog.charge(sequence, cost, prompt + answer);
  }

  /** Gives a waiting sequence a seat and what the cache holds of it, if there is room. */
  private boolean admit(Sequence sequence) {
    if (sequence.state.sentBackStep == steps) {
      return false;
    }
    // to be promoted is to go first, not to interrupt somebody who waits for an answer
    int rank = Math.max(Backlog.rank(sequence), INTERACTIVE_RANK);
    while (running.size() >= limits.sequencesMax()) {
      Sequence victim = running.victim(rank);
      if (victim == null) {
        return false;
      }
      preempt(victim);
    }
    blocks.adopt(sequence);
    while (!hasRoomFor(sequence)) {
      Sequence victim = running.victim(rank);
      if (victim == null) {
        blocks.release(sequence);
        return false;
      }
      preempt(victim);
    }
    backlog.leave(sequence);
    sequence.state.stalled = false;
    running.add(sequence);
    cachedTokens += sequence.computed();
    sequence.started();
    return true;
  }

  /**
   * A prompt starts with its first slice; a sequence that was sent back starts again only if all of
   * it has room, or it would be sent back again. Beside it, every running sequence may need a block
   * soon.
   */
  private boolean hasRoomFor(Sequence sequence) {
    if (running.size() == 0) {
      return true;
    }
    int slice = Math.min(blocks.blockTokens(), sequence.pending());
    int missing = blocks.missing(sequence, sequence.computed() + slice);
    if (sequence.state.sentBackStep > 0) {
      int held = sequence.blockCount() - sequence.returned();
      int atOnce = blocks.blocksAtOnce(sequence.length()) - held;
      missing = Math.max(missing, Math.min(blocks.missing(sequence, sequence.length()), atOnce));
    }
    return blocks.available(sequence, false) >= missing + running.size();
  }

  /** Whether a decoding sequence has a place for its next token, if need be at another's cost. */
  private boolean makeRoom(Sequence sequence) {
    if (blocks.missing(sequence, sequence.length()) == 0) {
      return true;
    }
    boolean leads = sequence == running.leader();
    while (blocks.grow(sequence, sequence.length(), leads) < sequence.length()) {
      Sequence victim = running.victim(ANY_RANK);
      if (victim == null) {
        throw new IllegalStateException("the cache can't hold its only sequence");
      }
      preempt(victim);
      if (victim == sequence) {
        return false;
      }
      leads = sequence == running.leader();
    }
    return true;
  }

  private void preempt(Sequence victim) {
    Sequence.SequenceState state = victim.state;
    if (state.planned > 0) {
      backlog.charge(victim, -state.plannedCost, -(state.plannedPrompt + state.plannedAnswer));
      state.chargedPrompt -= state.plannedPrompt;
      step.remove(victim);
    }
    running.remove(victim);
    blocks.release(victim);
    state.sentBackStep = steps;
    backlog.returned(victim);
    preemptions++;
  }
}
