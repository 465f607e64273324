package io.galerne.engine.scheduler;

import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.sampling.TokenHistory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request in the engine: its tokens, how many of them the cache holds, and the blocks that hold
 * them. Belongs to the engine's thread, apart from {@link #cancel}.
 */
public final class Sequence implements TokenHistory {
  /** Stands in the block table for a block that was given back since no query reaches it. */
  static final int RETURNED = -1;

  private final SamplingParams sampling;
  private final ServiceTerms terms;
  private final PrefixChain chain;
  private final int promptLength;
  private int[] tokens;
  private int length;
  private int computed;
  private int[] blocks = new int[0];
  private int blockCount;
  private int returned;
  private int named;
  private int cachedPromptTokens = -1;
  private volatile boolean cancelled;
  private volatile long startedNanos;
  private volatile long firstTokenNanos;

  /** Where the scheduler has the sequence; its own fields. */
  final SequenceState state = new SequenceState();

  /** A sequence that shares nothing, on the default terms. */
  public Sequence(int[] prompt, SamplingParams sampling) {
    this(prompt, sampling, ServiceTerms.DEFAULT, CacheScope.NONE);
  }

  public Sequence(int[] prompt, SamplingParams sampling, ServiceTerms terms, CacheScope scope) {
    this.sampling = sampling;
    this.terms = terms;
    this.chain = new PrefixChain(scope);
    this.promptLength = prompt.length;
    this.tokens = prompt.clone();
    this.length = prompt.length;
  }

  public SamplingParams sampling() {
    return sampling;
  }

  public ServiceTerms terms() {
    return terms;
  }

  @Override
  public int promptLength() {
    return promptLength;
  }

  /** Tokens of the prompt and generated so far. */
  @Override
  public int length() {
    return length;
  }

  public int generated() {
    return length - promptLength;
  }

  @Override
  public int token(int position) {
    return tokens[position];
  }

  public void append(int token) {
    if (length == promptLength) {
      firstTokenNanos = System.nanoTime();
    }
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length + Math.max(64, length / 2));
    }
    tokens[length++] = token;
  }

  /** Leading tokens whose keys and values are in the cache, or were and are no longer needed. */
  public int computed() {
    return computed;
  }

  /** Tokens that must be computed before the next one can be drawn; at least 1. */
  public int pending() {
    return length - computed;
  }

  /** Tokens of the prompt that were found in the cache when the sequence first started. */
  public int cachedPromptTokens() {
    return Math.max(0, cachedPromptTokens);
  }

  /**
   * The blocks in order of position, -1 where no query reaches any more. Valid until the sequence
   * gets or loses a block.
   */
  public int[] blockTable() {
    return blocks;
  }

  /** When it first left the queue, by {@link System#nanoTime}; 0 until then. From any thread. */
  public long startedNanos() {
    return startedNanos;
  }

  /** When its first token was there, by {@link System#nanoTime}; 0 until then. From any thread. */
  public long firstTokenNanos() {
    return firstTokenNanos;
  }

  /** Asks the engine to end the sequence before its next step. From any thread. */
  public void cancel() {
    cancelled = true;
  }

  public boolean cancelled() {
    return cancelled;
  }

  /** Records that {@code count} more are in the cache. */
  void advance(int count) {
    computed += count;
  }

  PrefixChain chain() {
    return chain;
  }

  int blockCount() {
    return blockCount;
  }

  void addBlock(int block) {
    if (blockCount == blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(8, blocks.length * 2));
    }
    blocks[blockCount++] = block;
  }

  int removeLastBlock() {
    return blocks[--blockCount];
  }

  /** Leading blocks that were given back. */
  int returned() {
    return returned;
  }

  int returnBlock(int index) {
    int block = blocks[index];
    blocks[index] = RETURNED;
    returned = index + 1;
    return block;
  }

  /** Leading full blocks that were made known to the prefix cache. */
  int named() {
    return named;
  }

  void named(int count) {
    named = count;
  }

  /** Records what the cache had: {@code positions} computed, the first blocks not even needed. */
  void adopted(int returnedBlocks, int positions, int namedBlocks) {
    returned = returnedBlocks;
    computed = positions;
    named = namedBlocks;
  }

  /** The sequence starts, or starts again; only the first time counts as the prompt's. */
  void started() {
    if (cachedPromptTokens < 0) {
      startedNanos = System.nanoTime();
      cachedPromptTokens = Math.min(computed, promptLength);
    }
  }

  /** Forgets the cache: everything has to be computed again. */
  void reset() {
    computed = 0;
    returned = 0;
    named = 0;
  }

  /** What the scheduler notes about a sequence. */
  static final class SequenceState {
    /** The order of arrival. */
    long arrival;

    /** The last step that computed something of it, or in which it arrived. */
    long servedStep;

    /** Leading positions of the prompt whose computation was charged. */
    int chargedPrompt;

    /** Tokens planned in the step at hand, and what they cost. */
    int planned;

    double plannedCost;

    /** Of the planned tokens, those of the prompt that are charged. */
    int plannedPrompt;

    /** 1 if the step draws an answer's token. */
    int plannedAnswer;

    boolean running;

    /** The last step in which it lost its blocks; 0 for none. */
    long sentBackStep;

    /** It waited so long that it goes first. */
    boolean promoted;

    /** No memory in this step. */
    boolean stalled;

    @Nullable Account account;

    void unplan() {
      planned = 0;
      plannedCost = 0;
      plannedPrompt = 0;
      plannedAnswer = 0;
    }
  }
}
