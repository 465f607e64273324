package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.automaton.Terminal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a value of one kind is written. Every rule that others lead to has a value. */
public final class ValueRule {
  /** The height of what has no value. */
  public static final int IMPOSSIBLE = 1 << 20;

  private final int id;
  private @Nullable Terminal literals;
  private @Nullable Terminal numbers;
  private @Nullable Terminal strings;
  private List<ArrayRule> arrays = List.of();
  private List<ObjectRule> objects = List.of();
  private int height = IMPOSSIBLE;

  ValueRule(int id) {
    this.id = id;
  }

  void scalars(
      @Nullable Terminal literals, @Nullable Terminal numbers, @Nullable Terminal strings) {
    this.literals = literals;
    this.numbers = numbers;
    this.strings = strings;
    if (literals != null || numbers != null || strings != null) {
      height = 0;
    }
  }

  void containers(List<ArrayRule> arrays, List<ObjectRule> objects) {
    this.arrays = arrays;
    this.objects = objects;
  }

  /** Lowers the height to that of its lowest value; whether it changed. */
  boolean settle() {
    int lowest = height;
    for (ArrayRule rule : arrays) {
      lowest = Math.min(lowest, rule.settle());
    }
    for (ObjectRule rule : objects) {
      lowest = Math.min(lowest, rule.settle());
    }
    boolean lower = lowest < height;
    height = lowest;
    return lower;
  }

  public int id() {
    return id;
  }

  public @Nullable Terminal literals() {
    return literals;
  }

  public @Nullable Terminal numbers() {
    return numbers;
  }

  public @Nullable Terminal strings() {
    return strings;
  }

  public List<ArrayRule> arrays() {
    return arrays;
  }

  public List<ObjectRule> objects() {
    return objects;
  }

  /** The arrays and objects that the value's lowest one nests. */
  public int height() {
    return height;
  }
}
