package io.galerne.engine;

import io.galerne.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Tokens as a person reads them. */
final class ReadableTokens {
  private final Tokenizer tokenizer;
  private final Map<Integer, String> controls = new HashMap<>();

  ReadableTokens(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    for (String text : tokenizer.controlTokens()) {
      tokenizer.controlToken(text).ifPresent(token -> controls.put(token, text));
    }
  }

  /** Control tokens stand by their names; an id that the vocabulary lacks is left out. */
  String text(int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : tokens) {
      if (token < 0 || token >= tokenizer.vocabularySize()) {
        continue;
      }
      String control = controls.get(token);
      bytes.writeBytes(
          control == null || !tokenizer.isControl(token)
              ? tokenizer.bytes(token)
              : control.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
