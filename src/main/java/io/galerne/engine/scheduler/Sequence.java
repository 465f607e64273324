package io.galerne.engine.scheduler;

import io.galerne.engine.sampling.SamplingParams;
import java.util.Arrays;

/**
 * One request in the engine: its tokens, how many of them the cache holds, and the blocks that hold
 * them. Belongs to the engine's thread, apart from {@link #cancel}.
 */
public final class Sequence {
  private final SamplingParams sampling;
  private final int promptLength;
  private int[] tokens;
  private int length;
  private int computed;
  private int[] blocks = new int[0];
  private int blockCount;
  private volatile boolean cancelled;

  public Sequence(int[] prompt, SamplingParams sampling) {
    this.sampling = sampling;
    this.promptLength = prompt.length;
    this.tokens = prompt.clone();
    this.length = prompt.length;
  }

  public SamplingParams sampling() {
    return sampling;
  }

  public int promptLength() {
    return promptLength;
  }

  /** Tokens of the prompt and generated so far. */
  public int length() {
    return length;
  }

  public int generated() {
    return length - promptLength;
  }

  public int token(int position) {
    return tokens[position];
  }

  public void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length + Math.max(64, length / 2));
    }
    tokens[length++] = token;
  }

  /** Leading tokens whose keys and values are in the cache. */
  public int computed() {
    return computed;
  }

  /** Tokens that must be computed before the next one can be drawn; at least 1. */
  public int pending() {
    return length - computed;
  }

  /** Records that {@code tokens} more are in the cache. */
  public void advance(int tokens) {
    computed += tokens;
  }

  /** The blocks in order of position. Valid until the sequence gets or loses a block. */
  public int[] blockTable() {
    return blocks;
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

  /** Forgets the cache: everything has to be computed again. */
  void reset() {
    computed = 0;
  }

  /** Asks the engine to end the sequence before its next step. From any thread. */
  public void cancel() {
    cancelled = true;
  }

  public boolean cancelled() {
    return cancelled;
  }
}
