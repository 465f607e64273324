package io.galerne.chat;

import java.util.Locale;

/**
 * A tenant's colour, brought to where text on it and in it can be read: a contrast of 4.5 to 1 by
 * WCAG 2.2, on the grounds of both themes.
 *
 * @param light for the light theme, {@code #rrggbb}
 * @param dark for the dark theme
 * @param onLight of text upon {@code light}
 * @param onDark of text upon {@code dark}
 */
record Accent(String light, String dark, String onLight, String onDark) {
  private static final double READABLE = 4.5;
  private static final int LIGHT_GROUND = 0xf0f3f2;
  private static final int DARK_GROUND = 0x17302f;
  private static final int WHITE = 0xffffff;
  private static final int BLACK = 0x0b0f0e;
  private static final double STEP = 0.04;

  /**
   * @param colour {@code #rrggbb}
   */
  static Accent of(String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    int light = until(rgb, BLACK, LIGHT_GROUND);
    int dark = until(rgb, WHITE, DARK_GROUND);
    return new Accent(hex(light), hex(dark), hex(on(light)), hex(on(dark)));
  }

  /** The styles that put it in the place of Galerne's. */
  String css() {
    return """
    :root {
      --accent: light-dark(%s, %s);
      --accent-strong: light-dark(%s, %s);
      --on-accent: light-dark(%s, %s);
      --tint: color-mix(in srgb, var(--accent) 9%%, var(--surface));
    }
    """
        .formatted(light, dark, light, dark, onLight, onDark);
  }

  /** Whether the colour can be used as it is in the light theme. */
  boolean isUnchanged(String colour) {
    return light.equals(colour.toLowerCase(Locale.ROOT));
  }

  /** The colour, mixed with another until it can be read on a ground. */
  private static int until(int rgb, int towards, int ground) {
    for (double share = 0; share < 1; share += STEP) {
      int mixed = mix(rgb, towards, share);
      if (contrast(mixed, ground) >= READABLE) {
        return mixed;
      }
    }
    return towards;
  }

  private static int on(int ground) {
    return contrast(WHITE, ground) >= contrast(BLACK, ground) ? WHITE : BLACK;
  }

  private static int mix(int one, int other, double share) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = one >> shift & 0xff;
      int b = other >> shift & 0xff;
      mixed |= (int) Math.round(a + (b - a) * share) << shift;
    }
    return mixed;
  }

  static double contrast(int one, int other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int channel) {
    double value = (channel & 0xff) / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  private static String hex(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}
