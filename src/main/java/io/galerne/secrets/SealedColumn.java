package io.galerne.secrets;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of sealed values, for changing the key that they are under while they are in use. */
public interface SealedColumn {
  /** One value and where it belongs. */
  record Row(SealedPlace place, byte[] sealed) {}

  /** Table and column, for people. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Some rows after this one in the column's order; from the beginning if it is null. */
  List<Row> after(@Nullable Row last, int max);

  /** Replaces a value if it is still the old one; false if somebody changed it meanwhile. */
  boolean replace(Row old, byte[] sealed);
}
