package io.galerne.moderation.scan;

/**
 * Lets a scanner see the text in its plain form: without invisible characters and accents, letters
 * and digits of other shapes as the usual ones, in lower case. Signs stay what they are. What the
 * scanner finds is reported by its place in the text as it was written.
 */
public final class FoldedScanner implements Scanner {
  private final Scanner inner;
  private final boolean keepsLetters;

  private FoldedScanner(Scanner inner, boolean keepsLetters) {
    this.inner = inner;
    this.keepsLetters = keepsLetters;
  }

  /** The plain form. */
  public static Scanner plain(Scanner inner) {
    return new FoldedScanner(inner, false);
  }

  /** All as it is written, without what can't be seen. */
  public static Scanner visible(Scanner inner) {
    return new FoldedScanner(inner, true);
  }

  @Override
  public void next(int codePoint, int start, int end, Hits hits) {
    if (codePoint < 128) {
      inner.next(keepsLetters ? codePoint : Character.toLowerCase(codePoint), start, end, hits);
      return;
    }
    Folding folding = Folding.of(codePoint);
    if (folding.invisible()) {
      return;
    }
    if (keepsLetters) {
      inner.next(codePoint, start, end, hits);
      return;
    }
    String plain = Folding.plain(codePoint);
    if (plain.isEmpty()) {
      inner.next(Character.isWhitespace(codePoint) ? ' ' : codePoint, start, end, hits);
      return;
    }
    plain.codePoints().forEach(part -> inner.next(part, start, end, hits));
  }

  @Override
  public void end(Hits hits) {
    inner.end(hits);
  }

  @Override
  public int pendingFrom() {
    return inner.pendingFrom();
  }
}
