package io.galerne.serving;

import java.io.IOException;

/** Where an answer goes while it is generated. An exception means that the client is gone. */
public interface AnswerSink {
  /** The request was admitted; its first token may be a while away. */
  void open() throws IOException;

  /** More of the answer; it counts as delivered when this returns. */
  void text(String text) throws IOException;

  /** Nothing has happened for some time. */
  void idle() throws IOException;
}
