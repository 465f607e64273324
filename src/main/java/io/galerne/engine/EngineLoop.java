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
import io.galerne.engine.tokenizer.StreamDecoder;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The engine's heart: schedule, compute, draw, tell; on one platform thread that owns all
 * sequences. Other threads only leave requests at the door.
 */
final class EngineLoop implements Runnable {
  private static final System.Logger LOG = System.getLogger(EngineLoop.class.getName());

  private static final long KEYS_INTERVAL_NANOS = 100_000_000;

  private record Answer(
      AnswerText text, AnswerStream stream, int tokensMax, boolean contextBound) {}

  private record Arrival(Sequence sequence, Answer answer) {}

  private final Tokenizer tokenizer;
  private final ModelRunner runner;
  private final KvCache cache;
  private final ComputePool pool;
  private final Scheduler scheduler;
  private final BlockManager blocks;
  private final Batch batch;
  private final Sampler[] samplers;
  private final int[] drawn;
  private final int contextTokens;
  private final EngineSettings settings;
  private final EngineProbe probe;
  private final Door<Arrival> door;
  private final Map<Sequence, Answer> answers = new HashMap<>();

  /** Used again in every step. */
  private final List<Sequence> drawing = new ArrayList<>();

  private final List<Sequence> ending = new ArrayList<>();
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
    this.tokenizer = tokenizer;
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
    this.samplers = new Sampler[pool.threads()];
    for (int i = 0; i < samplers.length; i++) {
      samplers[i] = new Sampler(kernels, runner.vocabulary());
    }
    this.drawn = new int[settings.sequencesMax()];
    this.contextTokens = contextTokens;
    this.door =
        new Door<>(
            settings.sequencesMax() + settings.waitingMax(),
            settings.sequencesMax() + settings.waitingPerKeyMax());
  }

  Submission submit(GenerationRequest request) {
    int prompt = request.promptTokens().length;
    if (prompt >= contextTokens) {
      return new Submission.PromptTooLong(prompt, contextTokens);
    }
    if (request.terms().expired(System.nanoTime())) {
      return new Submission.DeadlinePassed();
    }
    int room = contextTokens - prompt;
    int asked = request.sampling().maxTokens();
    int tokensMax = Math.min(asked, room);
    if (!blocks.canHold(prompt + tokensMax)) {
      int cacheTokens = blocks.blocks() * KvCache.BLOCK_TOKENS;
      return new Submission.CacheTooSmall(prompt + tokensMax, cacheTokens);
    }
    var sequence =
        new Sequence(request.promptTokens(), request.sampling(), request.terms(), request.cache());
    var stream = new AnswerStream(sequence::cancel);
    var decoder = StreamDecoder.after(tokenizer, request.promptTokens());
    var text = new AnswerText(request.sampling().stop(), decoder);
    var answer = new Answer(text, stream, tokensMax, asked > room);
    return switch (door.enter(new Arrival(sequence, answer), request.terms().key())) {
      case ENTERED -> new Submission.Accepted(stream);
      case FULL -> new Submission.QueueFull(settings.waitingMax());
      case KEY_FULL -> new Submission.ShareFull(settings.waitingPerKeyMax());
      case CLOSED -> new Submission.Closed();
    };
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
        step();
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.ERROR, "a step of the engine failed; its answers end", e);
        endAll(FinishReason.ERROR);
      }
    }
    // Somebody may have come in just before the door closed.
    receive();
    endAll(FinishReason.CANCELLED);
  }

  /** Takes in what arrived, waiting for it if there is nothing else to do; false once closed. */
  private boolean receive() {
    for (Arrival arrival : door.receive(scheduler.isIdle())) {
      answers.put(arrival.sequence(), arrival.answer());
      scheduler.add(arrival.sequence());
    }
    return !door.isClosed();
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

  private void step() {
    if (scheduler.isIdle()) {
      return;
    }
    ScheduledStep step = scheduler.schedule();
    if (step.isEmpty()) {
      throw new IllegalStateException("nothing fits into a step, although something waits");
    }
    compute(step);
    pool.run(drawing.size(), 1, draw);
    publish(1, batch.size() - drawing.size(), countAnswerTokens(drawing.size()));
    for (int i = 0; i < drawing.size(); i++) {
      accept(drawing.get(i), drawn[i]);
    }
  }

  private void draw(int from, int to, int worker) {
    for (int i = from; i < to; i++) {
      Sequence sequence = drawing.get(i);
      int offset = i * runner.vocabulary();
      probe.logits(sequence, runner.logits(), offset);
      drawn[i] =
          samplers[worker].sample(
              runner.logits(), offset, sequence.sampling(), sequence.generated());
    }
  }

  /** Tokens that end an answer are no part of it: the counter is what is billed. */
  private int countAnswerTokens(int draws) {
    int count = 0;
    for (int i = 0; i < draws; i++) {
      count += tokenizer.isEndOfGeneration(drawn[i]) ? 0 : 1;
    }
    return count;
  }

  /** Runs the model on a step's tokens and notes the sequences whose next token can be drawn. */
  private void compute(ScheduledStep step) {
    batch.clear();
    drawing.clear();
    for (int k = 0; k < step.size(); k++) {
      Sequence sequence = step.sequence(k);
      int[] table = sequence.blockTable();
      int tokens = step.tokens(k);
      for (int i = 0; i < tokens; i++) {
        int position = sequence.computed() + i;
        cache.prepare(table[position / KvCache.BLOCK_TOKENS]);
        batch.add(sequence.token(position), position, table);
      }
      if (tokens == sequence.pending()) {
        batch.wantLogits();
        drawing.add(sequence);
      }
    }
    runner.forward(batch);
    scheduler.complete();
  }

  private void accept(Sequence sequence, int token) {
    if (tokenizer.isEndOfGeneration(token)) {
      end(sequence, FinishReason.STOP);
      return;
    }
    Answer answer = answer(sequence);
    sequence.append(token);
    boolean stopped = answer.text().append(tokenizer.bytes(token));
    if (stopped) {
      end(sequence, FinishReason.STOP);
    } else if (sequence.generated() >= answer.tokensMax()) {
      end(sequence, answer.contextBound() ? FinishReason.CONTEXT_FULL : FinishReason.LENGTH);
    } else {
      String piece = answer.text().release(false);
      answer.stream().append(piece, answer.text().releaseTokens());
    }
  }

  private void end(Sequence sequence, FinishReason reason) {
    Answer answer = answer(sequence);
    answer.text().finish();
    String piece = answer.text().release(true);
    answer.stream().append(piece, answer.text().releaseTokens());
    // Counters first: whoever sees the end may look at them.
    forget(sequence);
    answer.stream()
        .finish(
            new GenerationEvent.Finished(
                reason,
                sequence.promptLength(),
                sequence.cachedPromptTokens(),
                answer.text().completionTokens()));
  }

  private Answer answer(Sequence sequence) {
    Answer answer = answers.get(sequence);
    if (answer == null) {
      throw new IllegalStateException("a sequence without an answer");
    }
    return answer;
  }

  private void forget(Sequence sequence) {
    answers.remove(sequence);
    scheduler.remove(sequence);
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
