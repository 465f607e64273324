package io.galerne.engine.tokenizer;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufMetadata;

/** Makes the tokenizer that a file describes. */
public final class Tokenizers {
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String PRE_TOKENIZER = "tokenizer.ggml.pre";

  private Tokenizers() {}

  /**
   * Reads {@code tokenizer.ggml.*} and checks it as a whole.
   *
   * @throws GgufException naming the key that is missing, wrong or of a kind this engine does not
   *     have
   */
  public static Tokenizer fromGguf(GgufMetadata metadata) {
    String model = metadata.string(MODEL);
    if (!model.equals("gpt2")) {
      throw new GgufException(
          MODEL, "'" + model + "' is not supported, only gpt2 (byte-level BPE) is");
    }
    String name = metadata.string(PRE_TOKENIZER);
    PreTokenizer preTokenizer =
        PreTokenizer.named(name)
            .orElseThrow(
                () ->
                    new GgufException(
                        PRE_TOKENIZER,
                        "'" + name + "' is not supported, only " + PreTokenizer.names() + " are"));
    Vocabulary vocabulary = Vocabulary.read(metadata, preTokenizer.addsBeginOfSequence());
    return new BytePairTokenizer(vocabulary, MergeTable.read(metadata, vocabulary), preTokenizer);
  }
}
