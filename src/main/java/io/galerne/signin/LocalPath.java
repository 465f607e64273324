package io.galerne.signin;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where to go on to after signing in: a page of ours, whatever a request says. */
public final class LocalPath {
  /** A path that begins with one slash and has nothing in it that a browser reads as a host. */
  private static final Pattern LOCAL =
      Pattern.compile(
          "/(?:(?:chat|console|operator|account|invitation|sign-in)(?:/[A-Za-z0-9._~/-]*)?(?:\\?[\\w.~%&=+,:-]*)?)?");

  private static final int CHARS_MAX = 1000;

  private LocalPath() {}

  /** The path if it is one of ours, otherwise the start page. */
  public static String orStart(@Nullable String path) {
    return path != null
            && path.length() <= CHARS_MAX
            && LOCAL.matcher(path).matches()
            && !path.contains("//")
            && !path.contains("..")
        ? path
        : "/";
  }
}
