package io.galerne.serving;

import java.io.IOException;
import java.time.Duration;

/** Where an answer goes while it is generated. An exception means that the client is gone. */
public interface AnswerSink {
  /** The request was admitted; its first token may be a while away. */
  void open() throws IOException;

  /** More of an answer; it counts as delivered when this returns. */
  void text(AnswerPiece piece) throws IOException;

  /**
   * One of several answers has ended and others go on. Of the last one, or the only one, the ending
   * of the whole tells.
   */
  default void finished(int choice, Ending.Choice end) throws IOException {}

  /**
   * How long nothing may happen before {@link #idle} is called.
   *
   * @param heartbeat what streams are set to
   */
  default Duration patience(Duration heartbeat) {
    return heartbeat;
  }

  /** Nothing has happened for some time. */
  void idle() throws IOException;
}
