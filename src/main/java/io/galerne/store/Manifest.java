package io.galerne.store;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one file of the store; it lies beside the weights as {@code ID.json}. Weights
 * without a manifest are not in the store.
 *
 * @param file name of a file in the store's own folder
 * @param sha256 lower-case hex digest of the file
 * @param source where the weights came from
 */
public record Manifest(
    String id,
    String file,
    long bytes,
    String sha256,
    String licence,
    String source,
    Instant added) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,200}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws StoreException naming the field that is missing or no good
   */
  public Manifest {
    require("id", id, id != null && ID.matcher(id).matches());
    require("file", file, file != null && FILE.matcher(file).matches());
    require("bytes", bytes, bytes > 0);
    require("sha256", sha256, isSha256(sha256));
    require("licence", licence, licence != null && !licence.isBlank());
    require("source", source, source != null && !source.isBlank());
    require("added", added, added != null);
  }

  public static boolean isId(@Nullable String text) {
    return text != null && ID.matcher(text).matches();
  }

  public static boolean isSha256(@Nullable String text) {
    return text != null && SHA_256.matcher(text).matches();
  }

  private static void require(String field, @Nullable Object value, boolean good) {
    if (!good) {
      throw new StoreException(
          StoreException.Problem.BROKEN_MANIFEST, field + ": '" + value + "' is not usable");
    }
  }
}
