package io.galerne.chat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** PNG pictures, decoded and encoded again: only pixels survive. */
final class PngLogo {
  private static final int SIDE_PIXELS_MAX = 1024;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private PngLogo() {}

  static boolean isPng(byte[] file) {
    return file.length > SIGNATURE.length
        && java.util.Arrays.equals(file, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /**
   * @throws ChatRefusedException if it can't be decoded, or has too many pixels
   */
  static byte[] redrawn(byte[] file) {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        if (reader.getWidth(0) > SIDE_PIXELS_MAX || reader.getHeight(0) > SIDE_PIXELS_MAX) {
          throw ChatRefusedException.invalid("logo", "logo.pixels", SIDE_PIXELS_MAX);
        }
        return encoded(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException _) {
      throw ChatRefusedException.invalid("logo", "logo.broken");
    }
  }

  private static byte[] encoded(BufferedImage picture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    if (out.size() > Logo.BYTES_MAX) {
      throw ChatRefusedException.invalid("logo", "logo.large", Logo.BYTES_MAX / 1024);
    }
    return out.toByteArray();
  }
}
