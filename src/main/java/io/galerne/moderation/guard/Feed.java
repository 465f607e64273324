package io.galerne.moderation.guard;

/** How a text is shown to the scanners: as it is, or the strings of a JSON document one by one. */
interface Feed {
  /** Takes the next character. */
  void next(int codePoint, int start, int end);

  /** The text is over. */
  void end();

  /** Where something begins that can't be shown yet, or {@link Integer#MAX_VALUE}. */
  int pendingFrom();

  /** A text that takes the place of another, in the writing of this one. */
  String written(String replacement);

  /** Whether what stands there may be replaced. */
  boolean replaceable();

  /** Where the feed sends what it shows. */
  interface Receiver {
    void character(int codePoint, int start, int end);

    /** What follows is another text. */
    void textEnds();
  }

  /** The text as it is. */
  record Plain(Receiver receiver) implements Feed {
    @Override
    public void next(int codePoint, int start, int end) {
      receiver.character(codePoint, start, end);
    }

    @Override
    public void end() {
      receiver.textEnds();
    }

    @Override
    public int pendingFrom() {
      return Integer.MAX_VALUE;
    }

    @Override
    public String written(String replacement) {
      return replacement;
    }

    @Override
    public boolean replaceable() {
      return true;
    }
  }
}
