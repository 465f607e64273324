package io.galerne.embedding;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the {@code tokenizer.json} of an uncased BERT, and refuses any other. */
final class TokenizerFile {
  private TokenizerFile() {}

  /**
   * @throws EmbeddingException naming what is not as {@link WordPieceTokenizer} does it
   */
  static WordPieceTokenizer read(byte[] json) {
    JsonNode root;
    try {
      root = new JsonMapper().readTree(json);
    } catch (JacksonException e) {
      throw new EmbeddingException("the tokenizer is not JSON", e);
    }
    require(root, "/normalizer/type", "BertNormalizer");
    require(root, "/normalizer/clean_text", "true");
    require(root, "/normalizer/handle_chinese_chars", "true");
    require(root, "/normalizer/strip_accents", "");
    require(root, "/normalizer/lowercase", "true");
    require(root, "/pre_tokenizer/type", "BertPreTokenizer");
    require(root, "/model/type", "WordPiece");
    require(root, "/model/continuing_subword_prefix", "##");
    require(root, "/model/max_input_chars_per_word", "100");
    require(root, "/post_processor/type", "TemplateProcessing");
    Map<String, Integer> vocabulary = new HashMap<>();
    for (Map.Entry<String, JsonNode> piece : root.at("/model/vocab").properties()) {
      vocabulary.put(piece.getKey(), piece.getValue().asInt());
    }
    return new WordPieceTokenizer(vocabulary);
  }

  private static void require(JsonNode root, String pointer, String expected) {
    String found = root.at(pointer).asString();
    if (!found.equals(expected)) {
      throw new EmbeddingException(
          "tokenizer %s: '%s' instead of '%s'".formatted(pointer, found, expected));
    }
  }
}
