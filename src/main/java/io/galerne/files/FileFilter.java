package io.galerne.files;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which files a list is to have.
 *
 * @param sampleTypes those that pass
 * @param mimetypes those that pass; if empty, all
 * @param search what the name contains, in either case
 */
public record FileFilter(
    List<SampleType> sampleTypes, List<String> mimetypes, @Nullable String search) {
  public FileFilter {
    sampleTypes = List.copyOf(sampleTypes);
    mimetypes = List.copyOf(mimetypes);
  }
}
