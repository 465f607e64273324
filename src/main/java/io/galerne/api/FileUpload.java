package io.galerne.api;

import io.galerne.batch.BatchJobs;
import io.galerne.batch.RequestLines;
import io.galerne.files.FileDescription;
import io.galerne.files.FileRefusedException;
import io.galerne.files.FileStore;
import io.galerne.files.FileWriter;
import io.galerne.files.FilesProperties;
import io.galerne.files.SampleType;
import io.galerne.files.StoredFile;
import io.galerne.files.Visibility;
import io.galerne.identity.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.impl.SizeException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.StringNode;

/**
 * Reads an upload part by part, in whatever order they come: what arrives of the file is checked
 * line by line and stored, and nothing of it is kept if anything is wrong.
 */
@Component
class FileUpload {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int FIELD_BYTES_MAX = 1024;
  private static final int PARTS_MAX = 20;
  private static final long OVERHEAD_BYTES_MAX = 1 << 20;
  static final int EXPIRY_HOURS_MAX = 24 * 366;
  private static final int NAME_MAX = 255;
  static final List<String> PURPOSES = List.of(FileEntry.PURPOSE, "fine-tune", "ocr", "audio");
  static final List<String> VISIBILITIES = List.of("workspace", "user");
  private static final String FILE = "file";
  private static final Set<String> FIELDS = Set.of("purpose", "visibility", "expiry");
  private static final String JSON_LINES = "application/jsonl";

  private final FileStore files;
  private final FilesProperties limits;
  private final BatchJobs jobs;

  FileUpload(FileStore files, FilesProperties limits, BatchJobs jobs) {
    this.files = files;
    this.limits = limits;
    this.jobs = jobs;
  }

  /** What came of the parts so far. For one request. */
  private static final class Parts {
    private final Map<String, String> fields = new TreeMap<>();
    private final FieldErrors errors = new FieldErrors();
    private @Nullable String filename;
    private String mimetype = JSON_LINES;
  }

  /**
   * @throws ApiException 413 if it is too large, 415 if it is no form, 422 with the numbers of
   *     lines that are wrong, 400 for a purpose that nothing here serves
   */
  StoredFile read(HttpServletRequest request, Caller caller) {
    String type = request.getContentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      throw new ApiException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          new ErrorEnvelope("Content-Type must be multipart/form-data", "unsupported_media_type"));
    }
    long sizeMax = limits.sizeMax().toBytes();
    if (request.getContentLengthLong() > sizeMax + OVERHEAD_BYTES_MAX) {
      throw BatchRefusals.fileTooLarge(sizeMax);
    }
    RequestLines lines = jobs.reader(caller, _ -> {});
    try (FileWriter file = files.create(caller)) {
      Parts parts = read(request, file, lines);
      Duration lifetime = check(parts, lines);
      return file.complete(
          new FileDescription(
              name(parts.filename),
              SampleType.BATCH_REQUEST,
              visibility(parts),
              parts.mimetype,
              lines.requests(),
              lifetime));
    } catch (FileRefusedException e) {
      throw BatchRefusals.of(e.reason());
    } catch (SizeException e) {
      throw BatchRefusals.fileTooLarge(sizeMax);
    } catch (IOException e) {
      // a broken form, or a client that went away or fell silent: theirs, not an internal error
      throw ApiException.badRequest(
          new ErrorEnvelope("The multipart body could not be read", ErrorEnvelope.INVALID_REQUEST));
    }
  }

  private Parts read(HttpServletRequest request, FileWriter file, RequestLines lines)
      throws IOException {
    org.apache.tomcat.util.http.fileupload.FileUpload form =
        new org.apache.tomcat.util.http.fileupload.FileUpload();
    form.setHeaderEncoding(StandardCharsets.UTF_8.name());
    form.setSizeMax(limits.sizeMax().toBytes() + OVERHEAD_BYTES_MAX);
    Parts parts = new Parts();
    FileItemIterator items = form.getItemIterator(new ServletRequestContext(request));
    for (int i = 0; items.hasNext(); i++) {
      if (i == PARTS_MAX) {
        throw new FileUploadException("too many parts");
      }
      FileItemStream item = items.next();
      String field = item.getFieldName();
      if (FILE.equals(field)) {
        if (parts.filename != null) {
          parts.errors.add("value_error", loc(FILE), "Value error, one file at a time", null);
          continue;
        }
        parts.filename = item.getName() == null ? "" : item.getName();
        parts.mimetype = mimetype(item.getContentType());
        copy(item, file, lines);
      } else if (field != null && FIELDS.contains(field)) {
        parts.fields.put(field, text(item));
      }
    }
    return parts;
  }

  private static void copy(FileItemStream item, FileWriter file, RequestLines lines)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream content = item.openStream()) {
      for (int read; (read = content.read(buffer)) >= 0; ) {
        lines.accept(buffer, 0, read);
        if (lines.problems().isEmpty()) {
          file.write(buffer, 0, read);
        }
      }
    }
    lines.end();
  }

  private static String text(FileItemStream item) throws IOException {
    try (InputStream content = item.openStream()) {
      byte[] bytes = content.readNBytes(FIELD_BYTES_MAX);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    }
  }

  /** The file's own lifetime, if it asks for one. */
  private static @Nullable Duration check(Parts parts, RequestLines lines) {
    if (parts.filename == null) {
      parts.errors.add("missing", loc(FILE), "Field required", null);
    }
    oneOf(parts, "purpose", PURPOSES);
    oneOf(parts, "visibility", VISIBILITIES);
    Duration lifetime = lifetime(parts);
    parts.errors.throwIfAny();
    String purpose = parts.fields.getOrDefault("purpose", FileEntry.PURPOSE);
    if (!purpose.equals(FileEntry.PURPOSE)) {
      throw ApiException.badRequest(ErrorEnvelope.unsupported("purpose", "the value " + purpose));
    }
    if (!lines.problems().isEmpty()) {
      throw BatchRefusals.badLines(lines.problems(), FILE);
    }
    return lifetime;
  }

  private static void oneOf(Parts parts, String field, List<String> choices) {
    String value = parts.fields.get(field);
    if (value != null && !choices.contains(value)) {
      parts.errors.add(
          "enum",
          loc(field),
          "Input should be one of '" + String.join("', '", choices) + "'",
          StringNode.valueOf(value));
    }
  }

  private static @Nullable Duration lifetime(Parts parts) {
    String hours = parts.fields.get("expiry");
    if (hours == null || hours.isEmpty()) {
      return null;
    }
    try {
      int value = Integer.parseInt(hours);
      if (value >= 1 && value <= EXPIRY_HOURS_MAX) {
        return Duration.ofHours(value);
      }
    } catch (NumberFormatException e) {
      // told below, as for a number that is out of bounds
    }
    parts.errors.add(
        "int_parsing",
        loc("expiry"),
        "Input should be a number of hours from 1 to " + EXPIRY_HOURS_MAX,
        StringNode.valueOf(hours));
    return null;
  }

  private static Visibility visibility(Parts parts) {
    return "user".equals(parts.fields.get("visibility")) ? Visibility.USER : Visibility.WORKSPACE;
  }

  /** The last part of a path, without what a terminal or a header would stumble over. */
  private static String name(@Nullable String given) {
    String path = given == null ? "" : given.replace('\\', '/');
    String name =
        path.substring(path.lastIndexOf('/') + 1).replaceAll("[\\p{Cntrl}\\p{Cs}\"]", "").strip();
    String cut =
        name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX).replaceAll("\\p{Cs}$", "");
    return cut.isEmpty() ? "file.jsonl" : cut;
  }

  private static String mimetype(@Nullable String given) {
    String type = given == null ? "" : given.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    boolean isSaying = type.matches("[a-z0-9.+-]{1,100}/[a-z0-9.+-]{1,100}");
    return isSaying && !type.equals("application/octet-stream") ? type : JSON_LINES;
  }

  private static List<Object> loc(String field) {
    return List.of("body", field);
  }
}
