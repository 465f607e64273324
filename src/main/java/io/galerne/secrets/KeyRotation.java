package io.galerne.secrets;

import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts sealed values under the current key-encryption key, one by one, while they are read and
 * written. Until all are, the keys before must stay. One that was interrupted goes on where it was:
 * what is under the current key already is only looked at.
 */
@Component
public class KeyRotation {
  private static final int PAGE = 200;

  private final SecretBox box;

  KeyRotation(SecretBox box) {
    this.box = box;
  }

  /** How many values a column has, and how many of them are under the current key. */
  public record Count(long values, long current) {
    public boolean isComplete() {
      return values == current;
    }
  }

  /** Wraps what is under another key; how many values that were. */
  public long rotate(SealedColumn column) {
    return rotate(column, _ -> {});
  }

  /**
   * As {@link #rotate(SealedColumn)}.
   *
   * @param progress told how many values were looked at since it was told last
   */
  public long rotate(SealedColumn column, LongConsumer progress) {
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
      progress.accept(rows.size());
    }
  }

  /** Looks all values of a column through and changes none. */
  public Count count(SealedColumn column) {
    long values = 0;
    long current = 0;
    List<SealedColumn.Row> rows = column.after(null, PAGE);
    while (!rows.isEmpty()) {
      values += rows.size();
      current += rows.stream().filter(row -> box.isCurrent(row.sealed())).count();
      rows = column.after(rows.getLast(), PAGE);
    }
    return new Count(values, current);
  }

  /** The name of the key that seals. */
  public String currentKey() {
    return box.currentKey();
  }
}
