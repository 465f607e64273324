package io.galerne.chat;

/**
 * A tenant's picture, free of anything but the picture.
 *
 * @param type its media type
 */
record Logo(String type, byte[] bytes) {
  static final String PNG = "image/png";
  static final String SVG = "image/svg+xml";
  static final int BYTES_MAX = 256 * 1024;

  /**
   * Takes a file that somebody uploads.
   *
   * @throws ChatRefusedException if it is no PNG and no SVG, or too large
   */
  static Logo of(byte[] file) {
    if (file.length > BYTES_MAX) {
      throw ChatRefusedException.invalid("logo", "logo.large", BYTES_MAX / 1024);
    }
    return PngLogo.isPng(file)
        ? new Logo(PNG, PngLogo.redrawn(file))
        : new Logo(SVG, SvgLogo.cleaned(file));
  }
}
