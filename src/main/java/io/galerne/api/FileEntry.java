package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.files.SampleType;
import io.galerne.files.StoredFile;
import io.galerne.files.Visibility;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file as clients see it.
 *
 * @param createdAt seconds since 1970, like {@code expiresAt}
 * @param deleted only where one file was asked for
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record FileEntry(
    UUID id,
    String object,
    long bytes,
    @JsonProperty("created_at") long createdAt,
    @JsonProperty("expires_at") long expiresAt,
    String filename,
    String purpose,
    @JsonProperty("sample_type") String sampleType,
    @JsonProperty("num_lines") int lines,
    String mimetype,
    String source,
    String signature,
    String visibility,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean deleted) {
  static final String PURPOSE = "batch";

  /** A page of files; the total is left out where nobody asked for it. */
  record Page(
      List<FileEntry> data,
      String object,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long total) {}

  static FileEntry of(StoredFile file) {
    return of(file, null);
  }

  static FileEntry retrieved(StoredFile file) {
    return of(file, false);
  }

  private static FileEntry of(StoredFile file, @Nullable Boolean deleted) {
    return new FileEntry(
        file.id(),
        "file",
        file.bytes(),
        file.createdAt().getEpochSecond(),
        file.expiresAt().getEpochSecond(),
        file.filename(),
        PURPOSE,
        name(file.sampleType()),
        file.lines(),
        file.mimetype(),
        name(file.sampleType().source()),
        file.signature(),
        name(file.visibility()),
        deleted);
  }

  static String name(SampleType type) {
    return lower(type);
  }

  static String name(SampleType.Source source) {
    return lower(source);
  }

  static String name(Visibility visibility) {
    return lower(visibility);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
