package io.galerne.engine;

import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.model.Batch;
import io.galerne.engine.model.KvCache;
import io.galerne.engine.model.ModelRunner;
import io.galerne.engine.sampling.Sampler;
import io.galerne.engine.scheduler.BlockManager;
import io.galerne.engine.scheduler.KeyStatistics;
import io.galerne.engine.scheduler.ScheduledStep;
import io.galerne.engine.scheduler.Scheduler;
import io.galerne.engine.scheduler.SchedulerLimits;
import io.galerne.engine.scheduler.Sequence;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The engine's heart: schedule, compute, draw, tell; on one platform thread that owns all
 * sequences. Other threads only leave requests at the door.
 */
final class EngineLoop implements Runnable {
  private static final System.Logger LOG = System.getLogger(EngineLoop.class.getName());

  private static final long KEYS_INTERVAL_NANOS = 100_000_000;
  private static final long ALLOWANCE_POLL_NANOS = 1_000_000;

  /** With more answers in progress, a step is worth more to them than a guess to one. */
  private static final int GUESSING_TOKENS_MAX = 2;

  private final ModelRunner runner;
  private final KvCache cache;
  private final ComputePool pool;
  private final Scheduler scheduler;
  private final BlockManager blocks;
  private final Batch batch;
  private final Sampler[] samplers;
  private final MaskThread masks = new MaskThread();
  private final EngineSettings settings;
  private final EngineProbe probe;
  private final Door<Answer> door;
  private final Admission admission;
  private final Map<Sequence, Answer> answers = new HashMap<>();
  private final Followers followers = new Followers();

  /** Used again in every step. */
  private final List<Answer> drawing = new ArrayList<>();

  /** The row of the logits of each that draws. */
  private final int[] rows;

  /** Tokens of the step that were guessed. */
  private int drafts;

  private final List<Sequence> ending = new ArrayList<>();

  /** Answers that rest until their allowance is known. */
  private final List<Answer> held = new ArrayList<>();

  /** Nothing could be computed since all answers rest. */
  private boolean resting;

  private final ComputePool.Task draw = this::draw;

  private long keysPublishedNanos = System.nanoTime();
  private volatile List<KeyStatistics> keys = List.of();
  private volatile Counters counters = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** What the loop counted, published after every step. */
  record Counters(
      int running,
      int waiting,
      long promptTokens,
      long generatedTokens,
      long cachedTokens,
      long steps,
      long preemptions,
      int blocksUsed,
      int blocksCached) {}

  EngineLoop(
      EngineSettings settings,
      Tokenizer tokenizer,
      ModelRunner runner,
      KvCache cache,
      Kernels kernels,
      ComputePool pool,
      BlockManager blocks,
      int contextTokens,
      EngineProbe probe) {
    this.settings = settings;
    this.probe = probe;
    this.runner = runner;
    this.cache = cache;
    this.pool = pool;
    this.blocks = blocks;
    this.scheduler =
        new Scheduler(
            new SchedulerLimits(
                settings.sequencesMax(), settings.stepTokensMax(), settings.promptTokensBeside()),
            blocks);
    this.batch = new Batch(settings.stepTokensMax());
    this.rows = new int[settings.sequencesMax()];
    this.samplers = new Sampler[pool.threads()];
    int[] endings =
        IntStream.range(0, runner.vocabulary()).filter(tokenizer::isEndOfGeneration).toArray();
    for (int i = 0; i < samplers.length; i++) {
      samplers[i] = new Sampler(kernels, runner.vocabulary(), endings);
    }
    this.door =
        new Door<>(
            settings.sequencesMax() + settings.waitingMax(),
            settings.sequencesMax() + settings.waitingPerKeyMax());
    this.admission = new Admission(settings, tokenizer, blocks, contextTokens, door);
  }

  Submission submit(GenerationRequest request) {
    return admission.submit(request);
  }

  /** What {@link #submit} would say to one more request for want of a place. */
  Optional<Submission> refusal(ServiceTerms terms) {
    return admission.refusal(terms);
  }

  void close() {
    door.close();
  }

  Counters counters() {
    return counters;
  }

  /** By fairness key, as of some time within the last tenth of a second of work. */
  List<KeyStatistics> keys() {
    return keys;
  }

  @Override
  public void run() {
    while (receive()) {
      try {
        endDue();
        proceedHeld();
        step();
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.ERROR, "a step of the engine failed; its answers end", e);
        endAll(FinishReason.ERROR);
      }
    }
    // Somebody may have come in just before the door closed.
    receive();
    endAll(FinishReason.CANCELLED);
    masks.close();
  }

  /** Takes in what arrived, waiting for it if there is nothing else to do; false once closed. */
  private boolean receive() {
    if (resting) {
      door.awaitArrival(ALLOWANCE_POLL_NANOS);
    }
    for (Answer answer : door.receive(scheduler.isIdle() && followers.isEmpty())) {
      Sequence leader = answer.leader();
      answers.put(answer.sequence(), answer);
      if (leader == null) {
        start(answer);
      } else {
        followers.add(answer.sequence(), leader);
      }
    }
    for (Sequence sequence : followers.takeReady(answers::containsKey)) {
      start(answer(sequence));
    }
    return !door.isClosed();
  }

  private void start(Answer answer) {
    scheduler.add(answer.sequence());
    scheduler.chargeAnswer(answer.sequence(), answer.appended());
    publish(0, 0, answer.appended());
    tell(answer);
  }

  /** Ends what was cancelled and what is past its deadline, wherever it stands. */
  private void endDue() {
    ending.clear();
    long now = System.nanoTime();
    for (int i = 0; i < scheduler.size(); i++) {
      Sequence sequence = scheduler.get(i);
      if (sequence.cancelled() || sequence.terms().expired(now)) {
        ending.add(sequence);
      }
    }
    for (int i = 0; i < ending.size(); i++) {
      Sequence sequence = ending.get(i);
      end(sequence, sequence.cancelled() ? FinishReason.CANCELLED : FinishReason.DEADLINE);
    }
  }

  /** Asks the allowances of answers that rest again. */
  private void proceedHeld() {
    for (int i = held.size() - 1; i >= 0; i--) {
      Answer answer = held.get(i);
      if (answer.proceed()) {
        held.remove(i);
        scheduler.chargeAnswer(answer.sequence(), Math.max(0, answer.appended() - 1));
        publish(0, 0, answer.appended());
        tell(answer);
      }
    }
  }

  private void step() {
    resting = false;
    if (scheduler.isIdle()) {
      return;
    }
    ScheduledStep step = scheduler.schedule();
    if (step.isEmpty() && !held.isEmpty()) {
      scheduler.complete();
      resting = true;
      return;
    }
    if (step.isEmpty()) {
      throw new IllegalStateException("nothing fits into a step, although something waits");
    }
    int unread = compute(step);
    pool.run(drawing.size(), 1, draw);
    int appended = 0;
    for (int i = 0; i < drawing.size(); i++) {
      Answer answer = drawing.get(i);
      appended += take(answer, 1);
      appended += goOn(answer, rows[i]);
    }
    publish(1, batch.size() - drawing.size() - drafts - unread, appended);
    for (int i = 0; i < drawing.size(); i++) {
      tell(drawing.get(i));
    }
  }

  private void draw(int from, int to, int worker) {
    for (int i = from; i < to; i++) {
      draw(drawing.get(i), rows[i], samplers[worker]);
    }
  }

  private void draw(Answer answer, int row, Sampler sampler) {
    int offset = row * runner.vocabulary();
    probe.logits(answer.sequence(), runner.logits(), offset);
    answer.draw(sampler, probe, runner.logits(), offset);
  }

  /** Takes what was drawn; returns how many tokens that is, all but {@code charged} to be paid. */
  private int take(Answer answer, int charged) {
    answer.take();
    if (answer.isHeld()) {
      held.add(answer);
    }
    scheduler.chargeAnswer(answer.sequence(), Math.max(0, answer.appended() - charged));
    return answer.appended();
  }

  /** Draws on for as long as the guesses were right; returns the tokens that this gives. */
  private int goOn(Answer answer, int row) {
    int appended = 0;
    for (int next = row + 1; answer.isConfirmed(); next++) {
      scheduler.computedAhead(answer.sequence());
      draw(answer, next, samplers[0]);
      appended += take(answer, 0);
    }
    answer.speculation().learn();
    return appended;
  }

  /**
   * Runs the model on a step's tokens and notes the answers whose next token can be drawn. Returns
   * how many of the tokens are of answers and were never drawn.
   */
  private int compute(ScheduledStep step) {
    batch.clear();
    drawing.clear();
    drafts = 0;
    int unread = 0;
    for (int k = 0; k < step.size(); k++) {
      Sequence sequence = step.sequence(k);
      int[] table = sequence.blockTable();
      int tokens = step.tokens(k);
      for (int i = 0; i < tokens; i++) {
        int position = sequence.computed() + i;
        cache.prepare(table[position / KvCache.BLOCK_TOKENS]);
        batch.add(sequence.token(position), position, table);
      }
      Answer answer = answer(sequence);
      // one that rests was sent back: what it drew is known already
      boolean draws = tokens == sequence.pending() && !answer.isHeld();
      if (draws) {
        rows[drawing.size()] = batch.wantLogits();
        drawing.add(answer);
        guess(answer, step);
      }
      unread += answer.countUnread(draws ? tokens - 1 : tokens);
    }
    prepareMasks();
    runner.forward(batch);
    scheduler.complete();
    return unread;
  }

  /** Adds what an answer may go on with, where a step is so small that a guess costs little. */
  private void guess(Answer answer, ScheduledStep step) {
    if (step.tokens() > GUESSING_TOKENS_MAX || settings.draftTokensMax() == 0) {
      return;
    }
    Sequence sequence = answer.sequence();
    int next = sequence.length();
    int rest = Math.floorMod(-next, KvCache.BLOCK_TOKENS);
    int logits = (settings.sequencesMax() - step.size()) / step.size();
    int tokens = (settings.stepTokensMax() - step.tokens()) / step.size();
    int most = Math.min(Math.min(rest, settings.draftTokensMax()), Math.min(logits, tokens));
    Speculation speculation = answer.speculation();
    int count = speculation.guess(sequence, Math.min(most, answer.guessesMax()));
    for (int i = 0; i < count; i++) {
      batch.add(speculation.draft(i), next + i, sequence.blockTable());
      batch.wantLogits();
    }
    drafts += count;
  }

  private void prepareMasks() {
    List<Guide> guides = List.of();
    for (int i = 0; i < drawing.size(); i++) {
      Guide guide = drawing.get(i).guide();
      if (guide != null) {
        // a new list, since the other thread may still be at the last one; few answers have guides
        guides = guides.isEmpty() ? new ArrayList<>() : guides;
        guides.add(guide);
      }
    }
    if (!guides.isEmpty()) {
      masks.prepare(guides);
    }
  }

  private void tell(Answer answer) {
    FinishReason ending = answer.ending();
    if (ending == null) {
      answer.tell();
    } else {
      end(answer.sequence(), ending);
    }
  }

  private void end(Sequence sequence, FinishReason reason) {
    Answer answer = answer(sequence);
    answer.finish();
    // Counters first: whoever sees the end may look at them.
    forget(sequence);
    answer.finished(reason);
  }

  private Answer answer(Sequence sequence) {
    Answer answer = answers.get(sequence);
    if (answer == null) {
      throw new IllegalStateException("a sequence without an answer");
    }
    return answer;
  }

  private void forget(Sequence sequence) {
    Answer answer = answers.remove(sequence);
    if (answer != null) {
      held.remove(answer);
    }
    if (!followers.remove(sequence)) {
      scheduler.remove(sequence);
    }
    keysPublishedNanos = System.nanoTime() - KEYS_INTERVAL_NANOS;
    publish(0, 0, 0);
    door.leave(sequence.terms().key());
  }

  private void endAll(FinishReason reason) {
    for (Sequence sequence : List.copyOf(answers.keySet())) {
      end(sequence, reason);
    }
  }

  private void publish(int steps, int promptTokens, int generatedTokens) {
    Counters last = counters;
    counters =
        new Counters(
            scheduler.running(),
            scheduler.waiting(),
            last.promptTokens() + promptTokens,
            last.generatedTokens() + generatedTokens,
            scheduler.cachedTokens(),
            last.steps() + steps,
            scheduler.preemptions(),
            blocks.used(),
            blocks.cached());
    long now = System.nanoTime();
    if (now - keysPublishedNanos >= KEYS_INTERVAL_NANOS) {
      keysPublishedNanos = now;
      keys = scheduler.keys();
    }
  }
}
