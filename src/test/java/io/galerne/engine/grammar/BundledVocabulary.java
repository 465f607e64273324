package io.galerne.engine.grammar;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** The bundled weights' tokenizer, as grammars see it. */
final class BundledVocabulary {
  static final Tokenizer TOKENIZER = open();
  static final TokenVocabulary VOCABULARY = vocabulary(TOKENIZER);

  private BundledVocabulary() {}

  static TokenMasks masks() {
    return new TokenMasks(VOCABULARY, 64 << 20);
  }

  static int[] encode(byte[] text) {
    return TOKENIZER.encode(new String(text, StandardCharsets.UTF_8));
  }

  private static Tokenizer open() {
    try (GgufFile file = GgufFile.open(Path.of("models/smollm2-135m-instruct-q4_1.gguf"))) {
      return Tokenizers.fromGguf(file.metadata());
    }
  }

  private static TokenVocabulary vocabulary(Tokenizer tokenizer) {
    List<byte[]> bytes =
        IntStream.range(0, tokenizer.vocabularySize())
            .mapToObj(token -> tokenizer.isControl(token) ? new byte[0] : tokenizer.bytes(token))
            .toList();
    BitSet endings = new BitSet();
    IntStream.range(0, bytes.size()).filter(tokenizer::isEndOfGeneration).forEach(endings::set);
    return TokenVocabulary.of(bytes, endings);
  }
}
