package io.galerne.api;

/** What the fields of requests are held to, in the readers and in the document. */
final class RequestBounds {
  static final double TEMPERATURE_MAX = 1.5;
  static final int METADATA_ENTRIES_MAX = 64;
  static final int CONTENT_PARTS_MAX = 1024;

  private RequestBounds() {}
}
