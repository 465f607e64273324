package io.galerne.engine.template;

import java.util.BitSet;

/** Builds a text within the budget and keeps the marks of its parts. */
final class TextBuilder {
  private final Budget budget;
  private final StringBuilder characters = new StringBuilder();
  private final BitSet foreign = new BitSet();

  TextBuilder(Budget budget) {
    this.budget = budget;
  }

  TextBuilder append(Text text) {
    budget.writing(characters.length(), text.length());
    text.markInto(foreign, characters.length());
    characters.append(text);
    return this;
  }

  TextBuilder append(String text) {
    budget.writing(characters.length(), text.length());
    characters.append(text);
    return this;
  }

  /** One character, marked or not. */
  TextBuilder append(char character, boolean isForeign) {
    budget.writing(characters.length(), 1);
    foreign.set(characters.length(), isForeign);
    characters.append(character);
    return this;
  }

  /** What stands for a character in another notation, marked as that character is. */
  TextBuilder append(String notation, boolean isForeign) {
    int start = characters.length();
    append(notation);
    foreign.set(start, characters.length(), isForeign);
    return this;
  }

  Text build() {
    return Text.of(characters.toString(), (BitSet) foreign.clone());
  }
}
