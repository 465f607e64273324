package io.galerne.billing;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * A closed invoice as it went out.
 *
 * @param document JSON in UTF-8
 * @param sha256 of the document when it was closed, lower-case hexadecimal
 */
public record StoredInvoice(LocalDate period, long totalMicros, byte[] document, String sha256) {
  /** The document as text. */
  public String text() {
    return new String(document, StandardCharsets.UTF_8);
  }
}
