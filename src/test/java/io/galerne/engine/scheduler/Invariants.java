package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold in every step: of the plan, of the account of the cache, and of the work done. */
final class Invariants {
  private static final int BLOCK = Workload.BLOCK_TOKENS;
  private static final int BATCH_RANK = 2;

  private final Workload workload;
  private final Scheduler scheduler;
  private final BlockManager blocks;
  private final Map<Sequence, Simulated> live;
  private final List<Sequence> decoders = new ArrayList<>();
  private final List<Sequence> runningPeople = new ArrayList<>();
  private final Map<Sequence, Long> servedBefore = new HashMap<>();
  private boolean peopleWait;
  private long preemptions;
  private final int[] users;
  private final Simulated[] firstUser;

  Invariants(
      Workload workload, Scheduler scheduler, BlockManager blocks, Map<Sequence, Simulated> live) {
    this.workload = workload;
    this.scheduler = scheduler;
    this.blocks = blocks;
    this.live = live;
    this.users = new int[workload.blocks()];
    this.firstUser = new Simulated[workload.blocks()];
  }

  void beforeStep() {
    preemptions = scheduler.preemptions();
    decoders.clear();
    runningPeople.clear();
    servedBefore.clear();
    peopleWait = false;
    for (int i = 0; i < scheduler.size(); i++) {
      Sequence sequence = scheduler.get(i);
      if (sequence.state.running && sequence.pending() == 1) {
        decoders.add(sequence);
        servedBefore.put(sequence, sequence.state.servedStep);
      }
      boolean isPerson = sequence.terms().priority() == Priority.INTERACTIVE;
      peopleWait |= isPerson;
      if (isPerson && sequence.state.running) {
        runningPeople.add(sequence);
      }
    }
  }

  void planned(ScheduledStep step) {
    Broken.unless(!step.isEmpty(), "work", "an idle step while something waits");
    SchedulerLimits limits = workload.limits();
    Broken.unless(scheduler.running() <= limits.sequencesMax(), "budget", "too many run");
    int tokens = 0;
    int decodes = 0;
    for (int i = 0; i < step.size(); i++) {
      Sequence sequence = step.sequence(i);
      int count = step.tokens(i);
      Broken.unless(live.containsKey(sequence), "plan", "a sequence that has ended");
      Broken.unless(sequence.state.running, "plan", "a sequence that gave way");
      Broken.unless(count > 0 && count <= sequence.pending(), "plan", "tokens there are not");
      tokens += count;
      decodes += sequence.pending() == 1 && decoders.contains(sequence) ? 1 : 0;
    }
    Broken.unless(tokens == step.tokens(), "budget", "miscounted");
    Broken.unless(tokens <= limits.stepTokensMax(), "budget", "too many tokens");
    Broken.unless(
        decodes == 0 || tokens - decodes <= limits.promptTokensBeside(),
        "budget",
        "a prompt holds up the others");
    batchYields(step);
    workIsConserved(tokens, decodes);
  }

  /**
   * While people wait for answers one batch request decodes, the one that was served the longest
   * ago, and beside running answers no batch prompt is read. One that was promoted is free of that.
   */
  private void batchYields(ScheduledStep step) {
    Sequence decoding = null;
    for (int i = 0; i < step.size(); i++) {
      Sequence sequence = step.sequence(i);
      if (!peopleWait || Backlog.rank(sequence) != BATCH_RANK) {
        continue;
      }
      if (decoders.contains(sequence)) {
        Broken.unless(decoding == null, "yield", "two batch requests decode beside people");
        decoding = sequence;
      } else {
        Broken.unless(
            runningPeople.stream().noneMatch(person -> person.state.running),
            "yield",
            "a batch prompt is read beside people");
      }
    }
    for (Sequence other : decoders) {
      boolean passedOver =
          decoding != null
              && other.state.running
              && Backlog.rank(other) == BATCH_RANK
              && served(other) < served(decoding);
      Broken.unless(!passedOver, "yield", "it was another batch request's turn");
    }
  }

  private long served(Sequence decoder) {
    return servedBefore.getOrDefault(decoder, 0L);
  }

  /**
   * Everybody who decodes is in the step, as far as it goes, but batch requests beside people: one
   * of those is. Room is left for want of memory only, or by batch prompts beside running answers.
   */
  private void workIsConserved(int tokens, int decodes) {
    SchedulerLimits limits = workload.limits();
    int room = limits.stepTokensMax() - limits.promptTokensReserved();
    if (decoders.size() <= room) {
      boolean batchGoesOn = batchGoesOn();
      for (Sequence sequence : decoders) {
        boolean yields = peopleWait && Backlog.rank(sequence) == BATCH_RANK && batchGoesOn;
        Broken.unless(
            !sequence.state.running || sequence.state.planned > 0 || yields,
            "work",
            "one was left out");
      }
    }
    int end =
        decodes == 0
            ? limits.stepTokensMax()
            : Math.min(limits.stepTokensMax(), decodes + limits.promptTokensBeside());
    boolean seats = scheduler.running() < limits.sequencesMax();
    boolean sentBack = scheduler.preemptions() > preemptions;
    if (scheduler.waiting() > 0 && seats && tokens < end && !sentBack) {
      Broken.unless(
          onlyYieldingWait() || someWaitingLacksMemory(),
          "work",
          "room, seats and memory are left");
    }
  }

  /** Whether a batch request decodes, or the one whose turn it was had to give its blocks back. */
  private boolean batchGoesOn() {
    return decoders.stream()
        .filter(sequence -> Backlog.rank(sequence) == BATCH_RANK)
        .anyMatch(sequence -> !sequence.state.running || sequence.state.planned > 0);
  }

  private boolean onlyYieldingWait() {
    boolean peopleRun = false;
    boolean onlyBatch = true;
    for (int i = 0; i < scheduler.size(); i++) {
      Sequence sequence = scheduler.get(i);
      boolean isPerson = sequence.terms().priority() == Priority.INTERACTIVE;
      peopleRun |= isPerson && sequence.state.running;
      onlyBatch &= sequence.state.running || Backlog.rank(sequence) == BATCH_RANK;
    }
    return peopleRun && onlyBatch;
  }

  private boolean someWaitingLacksMemory() {
    for (int i = 0; i < scheduler.size(); i++) {
      Sequence sequence = scheduler.get(i);
      if (!sequence.state.running) {
        // what is reserved for other prefixes varies a little while blocks are looked up
        int reserved = Math.min(blocks.cached(), workload.blocks() / 4);
        int wanted = blocks.blocksAtOnce(sequence.length()) + 1 + scheduler.running() + reserved;
        if (blocks.available(sequence, false) < wanted) {
          return true;
        }
      }
    }
    return false;
  }

  /** The account of the cache agrees with what the sequences hold. */
  void afterStep() {
    Arrays.fill(users, 0);
    for (int i = 0; i < scheduler.size(); i++) {
      Sequence sequence = scheduler.get(i);
      count(simulated(sequence));
      Broken.unless(
          sequence.state.running || sequence.blockCount() == 0, "blocks", "held while waiting");
    }
    int used = 0;
    int idle = 0;
    int free = 0;
    for (int block = 0; block < users.length; block++) {
      Broken.unless(
          users[block] == blocks.references(block),
          "references",
          "%d users, %d counted".formatted(users[block], blocks.references(block)));
      used += users[block] > 0 ? 1 : 0;
      idle += blocks.idle(block) ? 1 : 0;
      free += users[block] == 0 && !blocks.idle(block) ? 1 : 0;
    }
    Broken.unless(used == blocks.used(), "blocks", "used are miscounted");
    Broken.unless(idle == blocks.cached(), "blocks", "idle are miscounted");
    Broken.unless(free == blocks.freeBlocks(), "blocks", "one was leaked");
  }

  private void count(Simulated user) {
    Sequence sequence = user.sequence;
    int held = 0;
    for (int i = 0; i < sequence.blockCount(); i++) {
      int block = sequence.blockTable()[i];
      if (block < 0) {
        continue;
      }
      held++;
      if (users[block]++ == 0) {
        firstUser[block] = user;
      } else {
        mayShare(firstUser[block], user, (i + 1) * BLOCK);
      }
    }
    Broken.unless(
        sequence.blockCount() * BLOCK >= sequence.computed(), "blocks", "fewer than computed");
    if (workload.window() > 0) {
      int chunk = workload.limits().stepTokensMax();
      int most = (workload.window() + chunk + BLOCK - 1) / BLOCK + 2;
      Broken.unless(held <= most, "window", "%d blocks are held".formatted(held));
    }
  }

  /** Two sequences use a block: it must be full, of the same text, and both may see it. */
  private static void mayShare(Simulated one, Simulated other, int end) {
    boolean full = one.sequence.length() >= end && other.sequence.length() >= end;
    Broken.unless(full, "references", "a block with two owners is not full");
    Broken.unless(
        one.digest(end - 1) == other.digest(end - 1), "references", "two texts in one block");
    boolean isPublic =
        one.request.scope().publicTokens() >= end && other.request.scope().publicTokens() >= end;
    CacheNamespace namespace = one.request.scope().namespace();
    boolean same = namespace != null && namespace.equals(other.request.scope().namespace());
    Broken.unless(isPublic || same, "namespace", "a block of two namespaces");
  }

  private Simulated simulated(Sequence sequence) {
    Simulated simulated = live.get(sequence);
    if (simulated == null) {
      throw new AssertionError("a sequence that has ended");
    }
    return simulated;
  }
}
