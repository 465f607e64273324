package io.galerne.models;

import io.galerne.store.Manifest;
import io.galerne.store.StoreException;
import io.galerne.store.StoreException.Problem;
import io.galerne.store.WeightsAddition.Origin;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the operator named as the origin of weights: an address if it has a scheme, else a file. */
record OriginArgument(String text, Origin origin) {
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");
  private static final String SUFFIX = ".gguf";

  static OriginArgument of(String text) {
    try {
      return new OriginArgument(
          text,
          ADDRESS.matcher(text).matches()
              ? new Origin.Remote(URI.create(text))
              : new Origin.Local(Path.of(text)));
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          Problem.BAD_ADDRESS, "'" + text + "' is no address and no file: " + e.getMessage(), e);
    }
  }

  boolean isRemote() {
    return origin instanceof Origin.Remote;
  }

  /** The last part of the path, without its suffix. */
  String defaultId() {
    String path =
        switch (origin) {
          case Origin.Local(Path file) -> String.valueOf(file.getFileName());
          case Origin.Remote(URI address) -> String.valueOf(address.getPath());
        };
    String name = path.substring(path.lastIndexOf('/') + 1);
    String id = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    if (!Manifest.isId(id)) {
      throw new StoreException(Problem.BAD_ID, "'" + name + "' makes no id; give one with --id");
    }
    return id;
  }
}
