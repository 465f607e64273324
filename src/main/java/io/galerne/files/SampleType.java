package io.galerne.files;

/** What the lines of a file are, and with it who wrote it. */
public enum SampleType {
  BATCH_REQUEST(Source.UPLOAD),
  BATCH_RESULT(Source.MISTRAL),
  BATCH_ERROR(Source.MISTRAL);

  private final Source source;

  SampleType(Source source) {
    this.source = source;
  }

  public Source source() {
    return source;
  }

  /** Where a file comes from, in the contract's words. */
  public enum Source {
    /** A client. */
    UPLOAD,
    /** The platform itself. */
    MISTRAL
  }
}
