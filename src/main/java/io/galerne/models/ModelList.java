package io.galerne.models;

import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.CatalogProperties.Model;
import io.galerne.catalog.KnownWeights;
import io.galerne.engine.WeightsException;
import io.galerne.engine.WeightsInspection;
import io.galerne.store.ByteCount;
import io.galerne.store.DigestRecords;
import io.galerne.store.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code models list} shows: all weights of the catalogue and of the model store. */
final class ModelList {
  private static final int NAMES_WIDTH = 48;

  /**
   * One set of weights.
   *
   * @param digest how the file stands to its SHA-256, as far as it is known without reading it
   * @param names that the weights serve: ids of models and their aliases
   * @param problem why they can't be used, or null
   */
  record Row(
      String id,
      @Nullable String file,
      @Nullable Long bytes,
      @Nullable String architecture,
      @Nullable Long parameters,
      @Nullable String quantization,
      @Nullable String licence,
      @Nullable String source,
      @Nullable String sha256,
      @Nullable String digest,
      List<String> names,
      @Nullable String problem) {}

  private final CatalogProperties catalog;
  private final ModelStore store;
  private final DigestRecords digests;

  ModelList(CatalogProperties catalog) {
    this.catalog = catalog;
    this.store = new ModelStore(catalog.store());
    this.digests = new DigestRecords(store);
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (KnownWeights weights : KnownWeights.all(catalog)) {
      rows.add(row(weights));
    }
    return rows;
  }

  /** Names under which clients reach some weights, in the catalogue's order. */
  static List<String> names(CatalogProperties catalog, String weights) {
    List<String> names = new ArrayList<>();
    for (Model model : catalog.models()) {
      if (model.weights().equals(weights)) {
        names.add(model.id());
        names.addAll(model.aliases());
      }
    }
    return names;
  }

  private Row row(KnownWeights weights) {
    List<String> names = names(catalog, weights.id());
    return switch (weights) {
      case KnownWeights.Incomplete(String id, String property, String reason) ->
          new Row(
              id,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              names,
              "galerne.catalog." + property + ": " + reason);
      case KnownWeights.Complete complete -> row(complete, names);
    };
  }

  private Row row(KnownWeights.Complete weights, List<String> names) {
    Path file = weights.file();
    WeightsInspection found = null;
    String problem = null;
    if (Files.isRegularFile(file)) {
      try {
        found = WeightsInspection.of(file);
        problem = found.problem();
      } catch (WeightsException e) {
        problem = e.reason();
      }
    } else {
      problem = "there is no file " + file;
    }
    return new Row(
        weights.id(),
        file.toString(),
        found == null ? null : Long.valueOf(found.sizeBytes()),
        found == null ? null : found.architecture(),
        found == null ? null : Long.valueOf(found.parameters()),
        found == null ? null : found.quantization(),
        weights.licence(),
        weights.source(),
        weights.sha256(),
        digests.state(file, weights.sha256()).name().toLowerCase(Locale.ROOT),
        names,
        problem);
  }

  String text() {
    List<Row> rows = rows();
    TextTable table =
        new TextTable()
            .row(
                "WEIGHTS",
                "SIZE",
                "ARCHITECTURE",
                "PARAMETERS",
                "TYPE",
                "LICENCE",
                "DIGEST",
                "SERVES");
    for (Row row : rows) {
      List<String> names = wrapped(row.names());
      table.row(
          row.id(),
          row.bytes() == null ? "-" : ByteCount.of(row.bytes()),
          or(row.architecture()),
          row.parameters() == null ? "-" : InspectionReport.parameters(row.parameters()),
          or(row.quantization()),
          or(row.licence()),
          or(row.digest()),
          names.getFirst());
      names.stream().skip(1).forEach(more -> table.row("", "", "", "", "", "", "", more));
    }
    StringBuilder text = new StringBuilder(table.text());
    for (Row row : rows) {
      if (row.problem() != null) {
        text.append("%nNot usable: %s: %s".formatted(row.id(), row.problem()));
      }
    }
    for (Path stray : store.strays()) {
      text.append("%nNot registered: %s (models add %s)".formatted(stray, stray));
    }
    return text.toString().stripTrailing();
  }

  /** Names in lines that are not much wider than a terminal has room for. */
  private static List<String> wrapped(List<String> names) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String name : names) {
      if (!line.isEmpty() && line.length() + name.length() >= NAMES_WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(name);
    }
    lines.add(line.isEmpty() ? "nothing" : line.toString());
    return lines;
  }

  private static String or(@Nullable String text) {
    return text == null ? "-" : text;
  }
}
