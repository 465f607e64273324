package io.galerne.embedding;

/** A model that turns texts into vectors. Safe for many threads. */
public interface EmbeddingModel extends AutoCloseable {
  EmbeddingProfile profile();

  /**
   * Encodes a text. Nothing is cut: the result may be longer than the model takes.
   *
   * @return token ids, the model's marks at both ends among them
   */
  int[] tokens(String text);

  /** What tokens read like: words in the form that the model knows them in, and its marks. */
  default String readable(int[] tokens) {
    return "";
  }

  /**
   * Computes one text by itself, so that no other text has a part in its vector.
   *
   * @param tokens of {@link #tokens}, at most {@link EmbeddingProfile#tokensMax()}
   * @return (dimensions), of length 1
   * @throws EmbeddingException if the runtime failed
   */
  float[] vector(int[] tokens);

  @Override
  void close();
}
