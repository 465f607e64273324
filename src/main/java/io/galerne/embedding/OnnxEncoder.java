package io.galerne.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * An encoder of the BERT family in ONNX Runtime. The state of the first token, at unit length, is
 * the text's vector, as the BGE models are trained (Xiao et al. 2023, "C-Pack").
 *
 * <p>Each text is a batch of its own. The weights are in 8 bits, and each product takes one scale
 * for its whole input: beside other texts or padding a vector would come out differently, by what
 * another tenant had sent.
 */
final class OnnxEncoder implements EmbeddingModel {
  private static final String STATES = "last_hidden_state";

  private final EmbeddingProfile profile;
  private final WordPieceTokenizer tokenizer;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private OnnxEncoder(
      EmbeddingProfile profile,
      WordPieceTokenizer tokenizer,
      OrtEnvironment environment,
      OrtSession session) {
    this.profile = profile;
    this.tokenizer = tokenizer;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Loads a model from memory; a call of {@link #vector} computes on its caller's thread alone.
   *
   * @throws EmbeddingException if the runtime or the model can't be loaded
   */
  static OnnxEncoder load(EmbeddingProfile profile, WordPieceTokenizer tokenizer, byte[] model) {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment("galerne");
      environment.setTelemetry(false);
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        // lengths differ from text to text: an arena would keep the largest of each for ever
        options.setCPUArenaAllocator(false);
        options.setMemoryPatternOptimization(false);
        OrtSession session = environment.createSession(model, options);
        return checked(new OnnxEncoder(profile, tokenizer, environment, session));
      }
    } catch (OrtException | LinkageError e) {
      throw new EmbeddingException(profile.name() + " could not be loaded", e);
    }
  }

  private static OnnxEncoder checked(OnnxEncoder encoder) {
    int length = encoder.states(encoder.tokenizer.encode("a")).length;
    if (length != encoder.profile.dimensions()) {
      encoder.close();
      throw new EmbeddingException(encoder.profile.name() + " has " + length + " dimensions");
    }
    return encoder;
  }

  @Override
  public EmbeddingProfile profile() {
    return profile;
  }

  @Override
  public int[] tokens(String text) {
    return tokenizer.encode(text);
  }

  @Override
  public String readable(int[] tokens) {
    return tokenizer.readable(tokens);
  }

  @Override
  public float[] vector(int[] tokens) {
    if (tokens.length > profile.tokensMax()) {
      throw new IllegalArgumentException(tokens.length + " tokens");
    }
    return unit(states(tokens));
  }

  /** The first token's state; (dimensions). */
  private float[] states(int[] tokens) {
    long[] ids = Arrays.stream(tokens).asLongStream().toArray();
    long[] attended = new long[ids.length];
    Arrays.fill(attended, 1);
    Map<String, OnnxTensor> inputs = HashMap.newHashMap(3);
    try {
      inputs.put("input_ids", tensor(ids));
      inputs.put("attention_mask", tensor(attended));
      inputs.put("token_type_ids", tensor(new long[ids.length]));
      try (OrtSession.Result result = session.run(inputs)) {
        return firstState(result);
      }
    } catch (OrtException e) {
      throw new EmbeddingException("the computation failed", e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** From (1, tokens, dimensions). */
  private static float[] firstState(OrtSession.Result result) throws OrtException {
    if (!(result.get(STATES).orElse(null) instanceof OnnxTensor states)) {
      throw new EmbeddingException("the model has no output " + STATES);
    }
    FloatBuffer values = states.getFloatBuffer();
    long[] shape = states.getInfo().getShape();
    float[] state = new float[Math.toIntExact(shape[2])];
    values.get(state);
    return state;
  }

  private OnnxTensor tensor(long[] row) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(row), new long[] {1, row.length});
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    if (!(length > 0) || Double.isInfinite(length)) {
      throw new EmbeddingException("the model's answer has no direction");
    }
    float[] unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new EmbeddingException("the model could not be closed", e);
    }
  }
}
