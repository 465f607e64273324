package io.galerne.embedding;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The embedding model whose weights are a dependency of the build. */
public final class BundledModel {
  public static final EmbeddingProfile PROFILE =
      new EmbeddingProfile(
          "bge-small-en-v1.5-q",
          "BGE small English v1.5",
          "BERT, 12 layers",
          "INT8",
          33_360_000L,
          "MIT",
          "Beijing Academy of Artificial Intelligence, as ONNX by Xenova",
          "English",
          "6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4",
          384,
          512);

  static final String WEIGHTS = "bge-small-en-v1.5-q.onnx";
  static final String TOKENIZER = "bge-small-en-v1.5-q-tokenizer.json";
  static final String TOKENIZER_DIGEST =
      "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66";

  private BundledModel() {}

  /**
   * Reads 35 MB from the class path, checks them, unpacks the runtime's library and loads.
   *
   * @throws EmbeddingException if a file is missing or another one, or the runtime doesn't load
   */
  public static EmbeddingModel load() {
    WordPieceTokenizer tokenizer = TokenizerFile.read(resource(TOKENIZER, TOKENIZER_DIGEST));
    return OnnxEncoder.load(PROFILE, tokenizer, resource(WEIGHTS, PROFILE.digest()));
  }

  static byte[] resource(String name, String digest) {
    try (InputStream in = BundledModel.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new EmbeddingException(name + " is not on the class path");
      }
      byte[] bytes = in.readAllBytes();
      String found = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      if (!found.equals(digest)) {
        throw new EmbeddingException("the digest of %s is %s".formatted(name, found));
      }
      return bytes;
    } catch (IOException e) {
      throw new EmbeddingException(name + " can't be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
