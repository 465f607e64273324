package io.galerne.moderation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.galerne.embedding.EmbeddingException;
import io.galerne.embedding.EmbeddingJob;
import io.galerne.embedding.EmbeddingModel;
import io.galerne.embedding.EmbeddingPool;
import io.galerne.moderation.scan.DetectorUnavailable;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/** How close a passage is in meaning to the closest of some examples. */
@Component
class SimilarityJudge {
  private static final int EXAMPLES_MAX = 20_000;

  /**
   * The cosine that counts as one half. Vectors of this model are close to one another even where
   * texts have nothing in common: unrelated sentences have about 0.5.
   */
  private static final double MIDDLE = 0.76;

  private static final double STEEPNESS = 25;

  private final EmbeddingPool pool;
  private final ModerationProperties properties;
  private final Cache<String, float[]> examples =
      Caffeine.newBuilder().maximumSize(EXAMPLES_MAX).build();

  SimilarityJudge(EmbeddingPool pool, ModerationProperties properties) {
    this.pool = pool;
    this.properties = properties;
  }

  OptionalDouble score(String passage, List<String> others) {
    try {
      return switch (pool.take(properties.judgeTimeMax())) {
        case EmbeddingPool.Turn.Full _ -> throw new DetectorUnavailable("embeddings are busy");
        case EmbeddingPool.Turn.Closed() -> throw new DetectorUnavailable("embeddings are closed");
        case EmbeddingPool.Turn.Taken(EmbeddingJob job) -> {
          try (job) {
            yield OptionalDouble.of(score(passage, others, job));
          }
        }
      };
    } catch (TimeoutException e) {
      throw new DetectorUnavailable("embeddings took too long");
    } catch (EmbeddingException e) {
      throw new DetectorUnavailable("embeddings failed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DetectorUnavailable("interrupted");
    }
  }

  private double score(String passage, List<String> others, EmbeddingJob job)
      throws InterruptedException, TimeoutException {
    float[] vector = vector(passage, job);
    double closest = -1;
    for (String other : others) {
      float[] example = examples.getIfPresent(other);
      if (example == null) {
        example = vector(other, job);
        examples.put(other, example);
      }
      closest = Math.max(closest, dot(vector, example));
    }
    return 1 / (1 + Math.exp(-STEEPNESS * (closest - MIDDLE)));
  }

  private static float[] vector(String text, EmbeddingJob job)
      throws InterruptedException, TimeoutException {
    EmbeddingModel model = job.model();
    int[] tokens = model.tokens(text);
    int most = model.profile().tokensMax();
    return job.vector(tokens.length > most ? Arrays.copyOf(tokens, most) : tokens);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
