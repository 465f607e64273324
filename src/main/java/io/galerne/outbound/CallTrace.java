package io.galerne.outbound;

import java.io.IOException;
import java.net.URI;
import java.util.function.BiConsumer;

/** Follows calls, so that what they cause elsewhere can be told to belong to them. */
@FunctionalInterface
public interface CallTrace {
  /** Follows nothing. */
  CallTrace NONE = (_, _, _) -> Call.UNSEEN;

  /**
   * A call is about to be made.
   *
   * @param header takes names and values of headers that go with it
   */
  Call begin(String method, URI url, BiConsumer<String, String> header);

  /** What becomes of one call. */
  interface Call {
    /** Nobody looks. */
    Call UNSEEN =
        new Call() {
          @Override
          public void answered(int status) {}

          @Override
          public void failed(IOException reason) {}

          @Override
          public void closed() {}
        };

    /** The head of its answer is there. */
    void answered(int status);

    /** There is no answer. Nothing comes after it. */
    void failed(IOException reason);

    /** The answer was read or dropped. Nothing comes after it. */
    void closed();
  }
}
