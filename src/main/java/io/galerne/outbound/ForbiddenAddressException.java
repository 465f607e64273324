package io.galerne.outbound;

import java.net.UnknownHostException;

/** A name leads to an address that must not be called. */
public final class ForbiddenAddressException extends UnknownHostException {
  private static final long serialVersionUID = 1;

  ForbiddenAddressException(String message) {
    super(message);
  }
}
