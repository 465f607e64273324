package io.galerne.engine.tokenizer;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufMetadata;

/** Makes the tokenizer that a file describes. */
public final class Tokenizers {
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String PRE_TOKENIZER = "tokenizer.ggml.pre";
  private static final String ADDS_BLANK = "tokenizer.ggml.add_space_prefix";

  private Tokenizers() {}

  /**
   * Reads {@code tokenizer.ggml.*} and checks it as a whole.
   *
   * @throws GgufException naming the key that is missing, wrong or of a kind this engine does not
   *     have
   */
  public static Tokenizer fromGguf(GgufMetadata metadata) {
    String model = metadata.string(MODEL);
    return switch (model) {
      case "gpt2" -> bytePair(metadata);
      case "llama" -> sentencePiece(metadata);
      default ->
          throw new GgufException(
              MODEL,
              "'"
                  + model
                  + "' is not supported, only gpt2 (byte-level BPE) and llama (SentencePiece BPE)"
                  + " are");
    };
  }

  /** Files from before the key existed get the pre-tokenizer that was then everyone's. */
  private static Tokenizer bytePair(GgufMetadata metadata) {
    String name = metadata.findString(PRE_TOKENIZER).orElse("default");
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

  private static Tokenizer sentencePiece(GgufMetadata metadata) {
    Vocabulary vocabulary = Vocabulary.read(metadata, true);
    return new SentencePieceTokenizer(
        vocabulary,
        SentencePieceTokenizer.readScores(metadata, vocabulary.size()),
        metadata.bool(ADDS_BLANK, true));
  }
}
