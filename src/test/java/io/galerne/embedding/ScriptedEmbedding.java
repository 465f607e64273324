package io.galerne.embedding;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * An embedding model whose failures and delays a test decides. A text has one token for each word;
 * its vector points to the place of its number of words.
 */
public final class ScriptedEmbedding implements EmbeddingModel {
  public static final int DIMENSIONS = 16;
  public static final int TOKENS_MAX = 64;
  public static final EmbeddingProfile PROFILE =
      new EmbeddingProfile(
          "e",
          "Scripted Embedding",
          "BERT",
          "INT8",
          33_000_000,
          "MIT",
          "a test",
          "English",
          "cd".repeat(32),
          DIMENSIONS,
          TOKENS_MAX);

  private final List<Integer> computed = new CopyOnWriteArrayList<>();
  private volatile UnaryOperator<float[]> script = UnaryOperator.identity();
  private final AtomicInteger started = new AtomicInteger();
  private volatile boolean closed;

  /** Passes each vector on as this makes it, from now on. */
  public void script(UnaryOperator<float[]> newScript) {
    script = newScript;
  }

  /** Computes nothing until the gate opens. */
  public void waitFor(CountDownLatch gate) {
    script(
        vector -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new EmbeddingException("interrupted", e);
          }
          return vector;
        });
  }

  public void reset() {
    script = UnaryOperator.identity();
    computed.clear();
    started.set(0);
  }

  /** The numbers of words of the texts that were computed, in that order. */
  public List<Integer> computed() {
    return List.copyOf(computed);
  }

  /** How many texts began to be computed. */
  public int started() {
    return started.get();
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public EmbeddingProfile profile() {
    return PROFILE;
  }

  @Override
  public int[] tokens(String text) {
    return new int[text.split(" ", -1).length];
  }

  @Override
  public float[] vector(int[] tokens) {
    started.incrementAndGet();
    float[] vector = new float[DIMENSIONS];
    vector[tokens.length % DIMENSIONS] = 0.8f;
    vector[(tokens.length + 1) % DIMENSIONS] = -0.6f;
    float[] passed = script.apply(vector);
    computed.add(tokens.length);
    return passed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
