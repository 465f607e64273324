package io.galerne.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Arrays;
import java.util.Map;

/** What {@link OnnxEncoder} doesn't do: several texts in one run, the shorter ones padded. */
final class PaddedBatch {
  private PaddedBatch() {}

  /** The first text's vector. */
  static float[] first(int[]... texts) throws OrtException {
    int longest = Arrays.stream(texts).mapToInt(text -> text.length).max().orElseThrow();
    long[][] ids = new long[texts.length][longest];
    long[][] attended = new long[texts.length][longest];
    for (int i = 0; i < texts.length; i++) {
      for (int j = 0; j < texts[i].length; j++) {
        ids[i][j] = texts[i][j];
        attended[i][j] = 1;
      }
    }
    byte[] weights = BundledModel.resource(BundledModel.WEIGHTS, BundledModel.PROFILE.digest());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = environment.createSession(weights, options);
        OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids);
        OnnxTensor attendedTensor = OnnxTensor.createTensor(environment, attended);
        OnnxTensor types = OnnxTensor.createTensor(environment, new long[texts.length][longest]);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", attendedTensor,
                    "token_type_ids", types))) {
      return unit(((float[][][]) result.get(0).getValue())[0][0]);
    }
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float[] unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = (float) (vector[i] / Math.sqrt(squares));
    }
    return unit;
  }
}
