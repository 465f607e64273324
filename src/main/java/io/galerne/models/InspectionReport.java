package io.galerne.models;

import io.galerne.engine.MemoryEstimate;
import io.galerne.engine.WeightsInspection;
import io.galerne.engine.WeightsInspection.Shape;
import io.galerne.engine.WeightsInspection.TypeShare;
import io.galerne.store.ByteCount;
import java.util.Locale;

/** What {@code models inspect} shows of one file. */
final class InspectionReport {
  private InspectionReport() {}

  /**
   * @param digest the file's SHA-256 and how it stands to the one it should have
   */
  static String text(WeightsInspection found, String digest) {
    TextTable table =
        new TextTable()
            .row("file", found.file() + " (" + ByteCount.of(found.sizeBytes()) + ")")
            .row("name", found.name() == null ? "not stated" : found.name())
            .row("architecture", found.architecture())
            .row("parameters", parameters(found));
    Shape shape = found.shape();
    if (shape != null) {
      shape(table, shape);
    }
    table.row("vocabulary", found.vocabulary() + " tokens");
    for (TypeShare share : found.types()) {
      table.row("weights", type(share, found.parameters()));
    }
    table
        .row("tokenizer", found.tokenizer() == null ? "none" : found.tokenizer())
        .row("chat template", found.chatTemplate() ? "yes" : "no")
        .row("prompt format", promptFormat(found))
        .row("licence", found.licence() == null ? "not stated" : found.licence())
        .row("SHA-256", digest);
    MemoryEstimate memory = found.memory();
    if (memory != null) {
      table
          .row("memory", ByteCount.of(memory.weightsBytes()) + " for the weights")
          .row("", ByteCount.of(1000 * memory.kvBytesPerToken()) + " per 1 000 tokens of context")
          .row("", ByteCount.of(memory.workingBytes()) + " to work with, at the default bounds");
    }
    table.row("loads", found.problem() == null ? "yes" : "no: " + found.problem());
    return table.text().stripTrailing();
  }

  private static String parameters(WeightsInspection found) {
    Long active = found.activeParameters();
    String all = parameters(found.parameters());
    return active == null || active == found.parameters()
        ? all
        : all + ", " + parameters(active) + " of them active for each token";
  }

  private static String promptFormat(WeightsInspection found) {
    if (found.problem() != null) {
      return "unknown";
    }
    String format = found.promptFormat();
    return format == null ? "not stated: set prompt-format in the catalogue" : format;
  }

  private static void shape(TextTable table, Shape shape) {
    table
        .row("layers", shape.layers() + " of " + shape.embedding() + " elements")
        .row("heads", shape.heads() + ", sharing " + shape.kvHeads() + " of keys and values");
    if (shape.experts() > 0) {
      table.row("experts", shape.experts() + ", " + shape.expertsUsed() + " for each token");
    }
    String window = shape.window() > 0 ? ", sliding window " + shape.window() : "";
    table.row("context", shape.contextTokens() + " tokens" + window);
  }

  private static String type(TypeShare share, long parameters) {
    return String.format(
        Locale.ROOT,
        "%s: %d tensors, %s, %.1f %% of the parameters",
        share.type(),
        share.tensors(),
        ByteCount.of(share.bytes()),
        parameters == 0 ? 0 : 100.0 * share.parameters() / parameters);
  }

  /** Rounded, with its unit: 7.2B. */
  static String parameters(long parameters) {
    if (parameters < 1_000_000) {
      return String.format(Locale.ROOT, "%.1fk", parameters / 1e3);
    }
    return parameters < 1_000_000_000
        ? String.format(Locale.ROOT, "%.0fM", parameters / 1e6)
        : String.format(Locale.ROOT, "%.1fB", parameters / 1e9);
  }
}
