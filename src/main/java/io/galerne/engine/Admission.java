package io.galerne.engine;

import io.galerne.engine.model.KvCache;
import io.galerne.engine.scheduler.BlockManager;
import io.galerne.engine.scheduler.Sequence;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.Optional;

/** Which requests come in at the engine's door, and what the others are told. From any thread. */
final class Admission {
  private final EngineSettings settings;
  private final Tokenizer tokenizer;
  private final BlockManager blocks;
  private final int contextTokens;
  private final Door<Answer> door;

  Admission(
      EngineSettings settings,
      Tokenizer tokenizer,
      BlockManager blocks,
      int contextTokens,
      Door<Answer> door) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.blocks = blocks;
    this.contextTokens = contextTokens;
    this.door = door;
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
    var stream = new AnswerStream(sequence);
    var bound = new Answer.Bound(tokensMax, asked > room);
    Answer answer = Answer.to(request, sequence, tokenizer, stream, bound);
    ServiceTerms terms = request.terms();
    Door.Entry entry = door.enter(answer, terms.key(), insideMax(terms));
    return refusal(entry, terms).orElseGet(() -> new Submission.Accepted(stream));
  }

  /** What {@link #submit} would say to one more request for want of a place. */
  Optional<Submission> refusal(ServiceTerms terms) {
    return refusal(door.ask(terms.key(), insideMax(terms)), terms);
  }

  private Optional<Submission> refusal(Door.Entry entry, ServiceTerms terms) {
    return switch (entry) {
      case ENTERED -> Optional.empty();
      case FULL -> Optional.of(new Submission.QueueFull(settings.waitingMax()));
      case KEY_FULL -> Optional.of(new Submission.ShareFull(waitingMax(terms)));
      case CLOSED -> Optional.of(new Submission.Closed());
    };
  }

  private int insideMax(ServiceTerms terms) {
    return settings.sequencesMax() + waitingMax(terms);
  }

  private int waitingMax(ServiceTerms terms) {
    Double share = terms.waitingShare();
    return share == null
        ? settings.waitingPerKeyMax()
        : (int) Math.max(1, Math.round(share * settings.waitingMax()));
  }
}
