package io.galerne.engine.grammar.bounds;

/** A grammar is refused. The message names the keyword and its place, and is fit for a client. */
public final class GrammarException extends RuntimeException {
  /** Why a grammar is refused. */
  public enum Kind {
    /** The source isn't a grammar of its kind. */
    MALFORMED,
    /** A keyword, or this use of it, can't be enforced. */
    UNSUPPORTED,
    /** No document satisfies the grammar. */
    UNSATISFIABLE,
    /** A reference leads out of the document; nothing is ever fetched. */
    REMOTE_REFERENCE,
    /** A reference leads nowhere, or only to itself. */
    REFERENCE,
    /** The grammar is larger than a limit allows. */
    TOO_LARGE,
    /** Compiling took longer than the limit allows. */
    TOO_SLOW,
    /** A vocabulary lacks tokens that every document must be spellable with. */
    VOCABULARY
  }

  private final Kind kind;
  private final String keyword;
  private final String pointer;
  private final String detail;

  /**
   * @param keyword the keyword at fault, empty where it is the grammar as a whole
   * @param pointer the JSON pointer of the schema that holds it
   */
  public GrammarException(Kind kind, String keyword, String pointer, String detail) {
    super(message(keyword, pointer, detail), null, false, false);
    this.kind = kind;
    this.keyword = keyword;
    this.pointer = pointer;
    this.detail = detail;
  }

  /** The same refusal of a schema that is part of something larger. */
  public GrammarException within(String place) {
    return new GrammarException(
        kind, keyword.isEmpty() ? "schema" : keyword, place + pointer, detail);
  }

  public Kind kind() {
    return kind;
  }

  public String keyword() {
    return keyword;
  }

  public String pointer() {
    return pointer;
  }

  private static String message(String keyword, String pointer, String detail) {
    if (keyword.isEmpty()) {
      return detail;
    }
    return "'" + keyword + "' at " + (pointer.isEmpty() ? "the root" : pointer) + ": " + detail;
  }
}
