package io.galerne.secrets;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts sealed values under the current key-encryption key, one by one, while they are read and
 * written. Until all are, the keys before must stay in {@code galerne.secrets.keys}.
 */
@Component
public class KeyRotation {
  private static final int PAGE = 200;

  private final SecretBox box;

  KeyRotation(SecretBox box) {
    this.box = box;
  }

  /** Wraps what is under another key; how many values that were. */
  public long rotate(SealedColumn column) {
    long changed = 0;
    SealedColumn.@Nullable Row last = null;
    while (true) {
      List<SealedColumn.Row> rows = column.after(last, PAGE);
      if (rows.isEmpty()) {
        return changed;
      }
      for (SealedColumn.Row row : rows) {
        if (!box.isCurrent(row.sealed())
            && column.replace(row, box.rewrap(row.sealed(), row.place()))) {
          changed++;
        }
        last = row;
      }
    }
  }
}
