package io.galerne.api;

import io.galerne.files.FileFilter;
import io.galerne.files.FileLinks;
import io.galerne.files.FileStore;
import io.galerne.files.SampleType;
import io.galerne.files.StoredFile;
import io.galerne.identity.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** {@code /v1/files}: the requests and results of batches. */
@RestController
class FilesController {
  static final int PAGE_SIZE_MAX = 1000;
  static final int LINK_HOURS_MAX = 168;

  private static final Map<String, SampleType> TYPES =
      Arrays.stream(SampleType.values())
          .collect(Collectors.toMap(FileEntry::name, Function.identity()));

  /** What the contract knows; of some there are none. */
  static final Map<String, String> SAMPLE_TYPES = same("pretrain", "instruct", TYPES.keySet());

  static final Map<String, String> SOURCES = same("repository", "upload", Set.of("mistral"));
  static final Map<String, String> PURPOSES =
      same("fine-tune", FileEntry.PURPOSE, Set.of("ocr", "audio"));

  private final FileStore files;
  private final FileLinks links;
  private final FileUpload upload;
  private final FileDownload download;

  FilesController(FileStore files, FileLinks links, FileUpload upload, FileDownload download) {
    this.files = files;
    this.links = links;
    this.upload = upload;
    this.download = download;
  }

  /** Where a file may be fetched without a key, for a time. */
  record SignedUrl(String url) {}

  @PostMapping("/v1/files")
  ResponseEntity<FileEntry> upload(
      HttpServletRequest request, @AuthenticationPrincipal Caller caller) {
    return json(FileEntry.of(upload.read(request, caller)));
  }

  @GetMapping("/v1/files")
  ResponseEntity<FileEntry.Page> list(
      HttpServletRequest request, @AuthenticationPrincipal Caller caller) {
    QueryReader query = new QueryReader(request);
    int page = query.integer("page", 0, 0, QueryReader.PAGE_MAX);
    int pageSize = query.integer("page_size", 100, 1, PAGE_SIZE_MAX);
    boolean withTotal = !Boolean.FALSE.equals(query.flag("include_total"));
    FileFilter filter =
        new FileFilter(types(query), query.texts("mimetypes"), query.text("search"));
    query.end();
    FileStore.Page found = files.list(caller, filter, page, pageSize, withTotal);
    return json(
        new FileEntry.Page(
            found.files().stream().map(FileEntry::of).toList(), "list", found.total()));
  }

  /** Three parameters say in three ways which files are wanted. */
  private static List<SampleType> types(QueryReader query) {
    List<String> names = query.oneOf("sample_type", SAMPLE_TYPES);
    List<String> sources = query.oneOf("source", SOURCES);
    List<String> purposes = query.oneOf("purpose", PURPOSES);
    return TYPES.values().stream()
        .filter(type -> names.isEmpty() || names.contains(FileEntry.name(type)))
        .filter(type -> sources.isEmpty() || sources.contains(FileEntry.name(type.source())))
        .filter(_ -> purposes.isEmpty() || purposes.contains(FileEntry.PURPOSE))
        .toList();
  }

  private static Map<String, String> same(String one, String other, Set<String> more) {
    Map<String, String> choices = new TreeMap<>(Map.of(one, one, other, other));
    more.forEach(choice -> choices.put(choice, choice));
    return choices;
  }

  @GetMapping("/v1/files/{id}")
  ResponseEntity<FileEntry> retrieve(
      @PathVariable String id, @AuthenticationPrincipal Caller caller) {
    return json(FileEntry.retrieved(find(id, caller)));
  }

  @DeleteMapping("/v1/files/{id}")
  ResponseEntity<DeletedEntry> delete(
      @PathVariable String id, @AuthenticationPrincipal Caller caller) {
    UUID file = QueryReader.id("file_id", id);
    if (!files.delete(caller, file)) {
      throw BatchRefusals.noFile(file);
    }
    return json(new DeletedEntry(file, "file", true));
  }

  @GetMapping("/v1/files/{id}/content")
  void content(
      @PathVariable String id, @AuthenticationPrincipal Caller caller, HttpServletResponse response)
      throws IOException {
    download.send(caller.tenantId(), find(id, caller), response);
  }

  @GetMapping("/v1/files/{id}/url")
  ResponseEntity<SignedUrl> url(
      @PathVariable String id, HttpServletRequest request, @AuthenticationPrincipal Caller caller) {
    QueryReader query = new QueryReader(request);
    int hours = query.integer("expiry", 24, 1, LINK_HOURS_MAX);
    query.end();
    FileLinks.Link link = links.sign(caller, find(id, caller), Duration.ofHours(hours));
    return json(
        new SignedUrl(
            ServletUriComponentsBuilder.fromContextPath(request)
                .path("/files/" + link.fileId())
                .queryParam("expires", link.expires())
                .queryParam("signature", link.signature())
                .toUriString()));
  }

  private StoredFile find(String id, Caller caller) {
    UUID file = QueryReader.id("file_id", id);
    return files.find(caller, file).orElseThrow(() -> BatchRefusals.noFile(file));
  }

  private static <T> ResponseEntity<T> json(T body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
