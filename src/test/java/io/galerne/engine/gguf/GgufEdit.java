package io.galerne.engine.gguf;

import io.galerne.engine.gguf.GgufLayout.Field;
import java.util.Arrays;

/** Overwrites single fields of an honest file, found by their names in {@link GgufLayout}. */
public final class GgufEdit {
  private final byte[] file;
  private final GgufLayout layout;

  public GgufEdit(GgufWriter honest) {
    this.file = honest.toByteArray();
    this.layout = new GgufLayout(file);
  }

  /** Writes a number over a field, in as many bytes as the field has. */
  public GgufEdit set(String name, long value) {
    Field field =
        layout.fields.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no field " + name));
    for (int i = 0; i < field.length(); i++) {
      file[field.offset() + i] = (byte) (value >> (8 * Math.min(i, 7)));
    }
    return this;
  }

  public byte[] toByteArray() {
    return file.clone();
  }

  /** The places where fields begin and where the header and the data end. */
  public int[] boundaries() {
    return layout.boundaries().stream().mapToInt(place -> place).distinct().sorted().toArray();
  }

  /** The file's beginning. */
  public byte[] cut(int length) {
    return Arrays.copyOf(file, length);
  }
}
