package io.galerne.console;

import io.galerne.catalog.KnownWeights;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.WeightsCatalog;
import io.galerne.engine.ModelProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One loaded file with all the names it answers to.
 *
 * @param parameters rounded, with its unit
 * @param names model ids and aliases, in the catalogue's order
 */
record ServedWeights(
    String name,
    String source,
    String licence,
    String parameters,
    String quantization,
    int contextTokens,
    String digest,
    List<String> names) {
  private static final int DIGEST_START_CHARS = 12;

  static List<ServedWeights> all(WeightsCatalog files, ModelCatalog models) {
    List<ServedWeights> served = new ArrayList<>();
    for (KnownWeights.Complete file : files.entries()) {
      List<ModelCard> cards =
          models.cards().stream().filter(card -> card.weightsId().equals(file.id())).toList();
      if (!cards.isEmpty()) {
        served.add(of(file, cards));
      }
    }
    return List.copyOf(served);
  }

  private static ServedWeights of(KnownWeights.Complete file, List<ModelCard> cards) {
    ModelProfile profile = cards.getFirst().profile();
    return new ServedWeights(
        profile.name(),
        file.source(),
        file.licence(),
        rounded(profile.parameters()),
        profile.quantization(),
        profile.contextTokens(),
        profile.digest(),
        cards.stream()
            .flatMap(card -> Stream.concat(Stream.of(card.id()), card.aliases().stream()))
            .toList());
  }

  /** The start of the digest: enough to compare by eye. */
  public String digestStart() {
    return digest.substring(0, DIGEST_START_CHARS);
  }

  private static String rounded(long parameters) {
    return parameters < 1_000_000_000
        ? "%.0f million".formatted(parameters / 1e6)
        : String.format(Locale.ROOT, "%.1f billion", parameters / 1e9);
  }
}
