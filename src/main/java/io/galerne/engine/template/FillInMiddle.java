package io.galerne.engine.template;

import io.galerne.engine.gguf.GgufMetadata;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prompts for what belongs between two texts, by tokens that a vocabulary has for it (Bavarian et
 * al., 2022). Mistral's models read the text behind first; all others the text before, the text
 * behind, and a mark that the middle follows. Texts of a request never become control tokens.
 */
public final class FillInMiddle {
  /** A text that Mistral's own encoder puts before the other, so that no blank comes first. */
  private static final String SHIELD = "\u263a";

  private static final Marks MISTRAL = new Marks("[PREFIX]", "[SUFFIX]", "[MIDDLE]");

  /** What makers of models call the marks where a file has no keys for them. */
  private static final List<Marks> OTHERS =
      List.of(
          new Marks("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
          new Marks("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
          new Marks("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
          new Marks("<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>"),
          new Marks("\u2581<PRE>", "\u2581<SUF>", "\u2581<MID>"),
          new Marks("<PRE>", "<SUF>", "<MID>"),
          new Marks(
              "<\uff5cfim\u2581begin\uff5c>",
              "<\uff5cfim\u2581hole\uff5c>",
              "<\uff5cfim\u2581end\uff5c>"));

  private final Tokenizer tokenizer;
  private final int prefix;
  private final int suffix;

  /** Null where the text behind comes first. */
  private final @Nullable Integer middle;

  private record Marks(String prefix, String suffix, String middle) {}

  private FillInMiddle(Tokenizer tokenizer, int prefix, int suffix, @Nullable Integer middle) {
    this.tokenizer = tokenizer;
    this.prefix = prefix;
    this.suffix = suffix;
    this.middle = middle;
  }

  /** The encoder for a file, if its vocabulary has the tokens. */
  public static Optional<FillInMiddle> of(GgufMetadata metadata, Tokenizer tokenizer) {
    OptionalInt prefix = tokenizer.controlToken(MISTRAL.prefix());
    OptionalInt suffix = tokenizer.controlToken(MISTRAL.suffix());
    if (prefix.isPresent() && suffix.isPresent()) {
      return Optional.of(new FillInMiddle(tokenizer, prefix.getAsInt(), suffix.getAsInt(), null));
    }
    Optional<FillInMiddle> declared =
        of(
            tokenizer,
            declared(metadata, "pre", tokenizer),
            declared(metadata, "suf", tokenizer),
            declared(metadata, "mid", tokenizer));
    return declared.or(
        () ->
            OTHERS.stream()
                .flatMap(
                    marks ->
                        of(
                            tokenizer,
                            tokenizer.controlToken(marks.prefix()),
                            tokenizer.controlToken(marks.suffix()),
                            tokenizer.controlToken(marks.middle()))
                            .stream())
                .findFirst());
  }

  private static Optional<FillInMiddle> of(
      Tokenizer tokenizer, OptionalInt prefix, OptionalInt suffix, OptionalInt middle) {
    return prefix.isPresent() && suffix.isPresent() && middle.isPresent()
        ? Optional.of(
            new FillInMiddle(tokenizer, prefix.getAsInt(), suffix.getAsInt(), middle.getAsInt()))
        : Optional.empty();
  }

  /** A key that names no token is none: the file is as good for everything else. */
  private static OptionalInt declared(GgufMetadata metadata, String name, Tokenizer tokenizer) {
    String key = "tokenizer.ggml.fim_" + name + "_token_id";
    if (!metadata.contains(key)) {
      return OptionalInt.empty();
    }
    int token = metadata.integer(key);
    return token >= 0 && token < tokenizer.vocabularySize()
        ? OptionalInt.of(token)
        : OptionalInt.empty();
  }

  /** The prompt that the text between the two continues. */
  public int[] encode(String before, String behind) {
    int[] start =
        tokenizer.addsBeginOfSequence()
            ? tokenizer.encodeWithControlTokens(tokenizer.beginOfSequence())
            : new int[0];
    IntStream first = IntStream.of(start);
    IntStream prefixed = IntStream.concat(IntStream.of(prefix), text(before));
    IntStream suffixed = IntStream.concat(IntStream.of(suffix), joined(behind));
    IntStream texts =
        middle == null
            ? IntStream.concat(suffixed, prefixed)
            : IntStream.concat(IntStream.concat(prefixed, suffixed), IntStream.of(middle));
    return IntStream.concat(first, texts).toArray();
  }

  private IntStream text(String text) {
    return text.isEmpty() ? IntStream.empty() : IntStream.of(tokenizer.encode(text));
  }

  /** A text without the blank that SentencePiece puts before one. */
  private IntStream joined(String text) {
    if (text.isEmpty() || !tokenizer.addsBlank()) {
      return text(text);
    }
    int[] shield = tokenizer.encode(SHIELD);
    int[] shielded = tokenizer.encode(SHIELD + text);
    boolean stays =
        shielded.length >= shield.length
            && Arrays.equals(shield, Arrays.copyOf(shielded, shield.length));
    return stays ? Arrays.stream(shielded, shield.length, shielded.length) : text(text);
  }
}
